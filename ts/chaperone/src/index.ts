/** Runs varnishd with libvmod_ghost: from files today, from Kubernetes with another source. */

export { runChaperone } from "./chaperone.js";
export { parseTcpAddress } from "./options.js";
export type { ChaperoneOptions, CustomSource, TcpAddress } from "./options.js";
export type { Judged, ReadSource } from "./follow.js";
export type { ChaperoneEvent, ExitCode, OnEvent } from "./events.js";
export type { AppliedDocument, Quarantined, ReloadAnswer } from "./apply/answer.js";
export type { ErrorPolicy } from "./apply/verdict.js";
export { AdminClient } from "./admin/client.js";
export { AdminConnection } from "./admin/connection.js";
export type { CommandLine } from "./admin/connection.js";
export { AdminLine } from "./admin/line.js";
export { AdminError } from "./admin/error.js";
export type { ListedBackend, ListenAddress, LoadedVcl } from "./admin/replies.js";
export { stopOnSignals } from "./drain/signals.js";
export type { StopRequests } from "./drain/signals.js";
export { extraArguments } from "./engine/arguments.js";
export { parseListen } from "./engine/listeners.js";
export type { ListenOption } from "./engine/listeners.js";
export type { LogLevel } from "./engine/log.js";
export { withSystemFolders } from "./engine/process.js";
export { findVmod } from "./engine/vmod.js";
export type { VmodFiles } from "./engine/vmod.js";
export { eventLog, readEvent } from "./log.js";
export { writeAtomically } from "./apply/write.js";
export { readSource, UnreadableSource } from "./sources/source.js";
export type { Documents, Reading, SourceLocation } from "./sources/source.js";
