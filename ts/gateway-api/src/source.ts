/**
 * Objects with their places: what every stage passes on so that a finding can name the file, line
 * and column.
 *
 * Objects that a cluster delivered have no origin; then findings name the object alone. Nothing
 * here knows YAML.
 */

/** A step from a value into one of its fields or items. */
export type Step = string | number;

/** The way from an object's root to a value inside it, such as `["spec", "rules", 0]`. */
export type Path = readonly Step[];

/** A place in a file. Both numbers start at 1; the column counts Unicode characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where an object was written. */
export interface Origin extends Position {
  readonly file: string;
  /** Place of the value at `path`, or of the last value on the way that exists. */
  readonly locate: (path: Path) => Position;
}

/** A Kubernetes object as delivered: nothing beyond these two fields has been looked at. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** An object and, when it was read from a file, its place. */
export interface LocatedObject {
  readonly object: KubernetesObject;
  readonly origin?: Origin;
}

/** Orders text by code units: the same on every machine, unlike a locale's order. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Orders objects by place: file, line, column. Objects without a place come first. */
export function compareOrigins(left: Origin | undefined, right: Origin | undefined): number {
  return (
    compareText(left?.file ?? "", right?.file ?? "") ||
    (left?.line ?? 0) - (right?.line ?? 0) ||
    (left?.column ?? 0) - (right?.column ?? 0)
  );
}

/** Writes a path as people write it: `spec.rules[0].name`, with unusual keys quoted. */
export function renderPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z0-9_$]+$/.test(step)) return `${text}[${quote(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

const longestQuote = 100;

/**
 * Foreign text made fit for a message: quoted, shortened, and without a character that could move a
 * cursor, end a line or reverse the reading order.
 */
export function quote(text: string): string {
  const shown = text.length > longestQuote ? `${text.slice(0, longestQuote)}...` : text;
  return printable(JSON.stringify(shown));
}

/** Text with every character escaped that does not print. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const hex = character.codePointAt(0)?.toString(16) ?? "";
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}

/** `file:line:column` of the value at `path`; undefined for objects that came from no file. */
export function renderSource(source: LocatedObject, path: Path): string | undefined {
  if (source.origin === undefined) return undefined;
  const { line, column } = source.origin.locate(path);
  return `${source.origin.file}:${line}:${column}`;
}
