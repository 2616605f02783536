/** Reading and judging configuration without an engine: the part of this package for programs that only ask. */

export { judge } from "./apply/verdict.js";
export type { ErrorPolicy, GoodVerdict, RefusedVerdict, Verdict } from "./apply/verdict.js";
export { readEnvelope } from "./sources/envelope.js";
export type { Envelope } from "./sources/envelope.js";
export { readSource, UnreadableSource } from "./sources/source.js";
export type { Documents, Reading, SourceLocation } from "./sources/source.js";
export { mainVcl } from "./vcl/preamble.js";
