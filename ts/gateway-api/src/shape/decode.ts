/**
 * Untyped values to typed ones: small decoders that compose, collect every finding and never throw.
 *
 * A decoder returns undefined exactly when it has pushed a finding. Null counts as absent, as the
 * API server has it. Knows no Kubernetes kind.
 */

import type { CodeName, Finding } from "../diagnostics.js";
import { quote } from "../source.js";
import type { Path, Step } from "../source.js";

/** Where a value stands, as a list that costs nothing until a finding asks for the path. */
export interface At {
  readonly findings: Finding[];
  readonly parent?: At;
  readonly step?: Step;
}

/** Turns a value into a `T`, or tells why it cannot. */
export type Decoder<T> = (value: unknown, at: At) => T | undefined;

/** Runs a decoder on the value at `path` of an object. */
export function decode<T>(
  decoder: Decoder<T>,
  value: unknown,
  path: Path = [],
): { readonly value: T | undefined; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const at = path.reduce<At>((parent, step) => ({ findings, parent, step }), { findings });
  return { value: decoder(value, at), findings };
}

function pathOf(at: At): Path {
  return at.step === undefined || at.parent === undefined ? [] : [...pathOf(at.parent), at.step];
}

/** Records a finding at a value. */
export function report(at: At, code: CodeName, message: string): undefined {
  at.findings.push({ code, path: pathOf(at), message });
  return undefined;
}

/**
 * Text without control characters: what it is put into later (a header, a log, a key) must not be
 * endable by it.
 */
export const text: Decoder<string> = (value, at) => {
  if (typeof value !== "string")
    return report(at, "wrongType", `Text is expected here, not ${describe(value)}.`);
  if (/\p{Cc}/u.test(value))
    return report(at, "controlCharacter", `The value ${quote(value)} holds a control character.`);
  return value;
};

/** Text of a form; `what` completes "is not ...". */
export function textLike(pattern: RegExp, what: string, longest = 253): Decoder<string> {
  return (value, at) => {
    const checked = text(value, at);
    if (checked === undefined || (checked.length <= longest && pattern.test(checked)))
      return checked;
    return report(at, "unsupportedValue", `${quote(checked)} is not ${what}.`);
  };
}

/** One of a few words. */
export function oneOf<T extends string | number>(...allowed: readonly T[]): Decoder<T> {
  return (value, at) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const shown =
      typeof value === "string"
        ? quote(value)
        : typeof value === "number"
          ? String(value)
          : describe(value);
    return report(
      at,
      "unsupportedValue",
      `The value is ${shown}, not one of ${allowed.join(", ")}.`,
    );
  };
}

/** A whole number within bounds, both included. */
export function integer(least: number, most: number): Decoder<number> {
  return (value, at) => {
    if (typeof value !== "number" || !Number.isInteger(value)) {
      return report(at, "wrongType", `A whole number is expected here, not ${describe(value)}.`);
    }
    if (value >= least && value <= most) return value;
    return report(at, "unsupportedValue", `${value} is not between ${least} and ${most}.`);
  };
}

export const boolean: Decoder<boolean> = (value, at) =>
  typeof value === "boolean"
    ? value
    : report(at, "wrongType", `true or false is expected here, not ${describe(value)}.`);

/** Any value, not looked at. */
export const anything: Decoder<unknown> = (value) => value;

/** A list of at most `longest` items. */
export function listOf<T>(
  item: Decoder<T>,
  longest: number = Number.POSITIVE_INFINITY,
): Decoder<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value))
      return report(at, "wrongType", `A list is expected here, not ${describe(value)}.`);
    if (value.length > longest)
      return report(
        at,
        "unsupportedValue",
        `The list has ${value.length} items; at most ${longest} are allowed.`,
      );
    const decoded = value.map((entry, step) =>
      item(entry, { findings: at.findings, parent: at, step }),
    );
    return decoded.includes(undefined) ? undefined : (decoded as T[]);
  };
}

/** A mapping from any keys to values of one type. */
export function mapOf<T>(entry: Decoder<T>): Decoder<ReadonlyMap<string, T>> {
  return (value, at) => {
    if (!isMapping(value))
      return report(at, "wrongType", `A mapping is expected here, not ${describe(value)}.`);
    const decoded = new Map<string, T>();
    for (const [step, field] of Object.entries(value)) {
      const result = entry(field, { findings: at.findings, parent: at, step });
      if (result !== undefined) decoded.set(step, result);
    }
    return decoded.size === Object.keys(value).length ? decoded : undefined;
  };
}

/** How a field of an object is read. */
export interface Field<T> {
  readonly decoder: Decoder<T>;
  readonly absent: "refused" | "left out" | "defaulted";
  readonly fallback?: T;
}

export function required<T>(decoder: Decoder<T>): Field<T> {
  return { decoder, absent: "refused" };
}

export function optional<T>(decoder: Decoder<T>): Field<T> {
  return { decoder, absent: "left out" };
}

export function defaulted<T>(decoder: Decoder<T>, fallback: T): Field<T> {
  return { decoder, absent: "defaulted", fallback };
}

/** A field for every key of `T`. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

/** What happens to fields that `fields` does not name. */
export interface OtherFields {
  /**
   * `refused` (the default): a field nobody reads is an error, because ignoring it would change the
   * meaning.
   */
  readonly others?: "refused" | "ignored";
  /** Fields of the API that do not bear on routing: allowed and not looked at. */
  readonly unread?: readonly string[];
  /** Fields of the API that do, and that Ghost does not have yet. */
  readonly unsupported?: readonly string[];
}

/** An object with known fields. */
export function object<T extends object>(fields: Fields<T>, rest: OtherFields = {}): Decoder<T> {
  const known = Object.entries<Field<unknown>>(fields);
  const names = new Set([...known.map(([name]) => name), ...(rest.unread ?? [])]);
  const unsupported = rest.unsupported ?? [];
  const isOpen = rest.others === "ignored";
  return (value, at) => {
    if (!isMapping(value))
      return report(at, "wrongType", `A mapping is expected here, not ${describe(value)}.`);
    const before = at.findings.length;
    if (!isOpen) refuseOthers(value, names, unsupported, at);
    const decoded: Record<string, unknown> = {};
    for (const [name, field] of known) {
      const result = decodeField(value, name, field, at);
      if (result !== undefined) decoded[name] = result;
    }
    // Every field was decoded by the decoder that `Fields<T>` demands for it.
    return at.findings.length > before ? undefined : (decoded as T);
  };
}

function decodeField(
  value: Record<string, unknown>,
  name: string,
  field: Field<unknown>,
  at: At,
): unknown {
  const written = Object.hasOwn(value, name) ? value[name] : undefined;
  if (written !== undefined && written !== null)
    return field.decoder(written, { findings: at.findings, parent: at, step: name });
  if (field.absent === "refused") report(at, "missingField", `The field ${name} is missing.`);
  return field.absent === "defaulted" ? field.fallback : undefined;
}

function refuseOthers(
  value: Record<string, unknown>,
  names: ReadonlySet<string>,
  unsupported: readonly string[],
  at: At,
): void {
  for (const name of Object.keys(value)) {
    const written = value[name];
    if (names.has(name) || written === null || written === undefined) continue;
    const inside: At = { findings: at.findings, parent: at, step: name };
    if (unsupported.includes(name))
      report(inside, "unsupportedField", `The field ${name} is not supported yet.`);
    else report(inside, "unknownField", `The field ${quote(name)} is not known here.`);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "number" || typeof value === "boolean")
    return `the ${typeof value} ${value}`;
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}
