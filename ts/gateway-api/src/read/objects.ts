/**
 * Manifest files to Kubernetes objects with their places. `List` kinds are opened; empty documents
 * are skipped.
 *
 * Only apiVersion and kind are looked at: whether an object makes sense is decided when it is
 * translated.
 */

import type { Node } from "yaml";
import { compareDiagnostics, place } from "../diagnostics.js";
import type { Diagnostic, Finding } from "../diagnostics.js";
import { compareOrigins, compareText, quote } from "../source.js";
import type { KubernetesObject, LocatedObject, Origin, Path } from "../source.js";
import { offsetOf, positionOf } from "./position.js";
import type { Lines } from "./position.js";
import { parseYaml } from "./yaml.js";
import { readValue } from "./value.js";

/** A manifest file: any number of YAML or JSON documents. */
export interface SourceFile {
  /** As findings should name it. */
  readonly name: string;
  readonly text: string;
}

/** Reads files, in any order; objects and findings come back sorted by place. Never throws. */
export function readObjects(files: readonly SourceFile[]): {
  objects: LocatedObject[];
  diagnostics: Diagnostic[];
} {
  const read = files.toSorted((left, right) => compareText(left.name, right.name)).map(readFile);
  return {
    objects: read
      .flatMap((file) => file.objects)
      .toSorted((left, right) => compareOrigins(left.origin, right.origin)),
    diagnostics: read.flatMap((file) => file.diagnostics).toSorted(compareDiagnostics),
  };
}

interface Objects {
  readonly objects: readonly LocatedObject[];
  readonly diagnostics: readonly Diagnostic[];
}

function readFile({ name, text }: SourceFile): Objects {
  // The name goes into the document as the source of routes, and into messages.
  if (/\p{Cc}/u.test(name)) {
    const finding: Finding = {
      code: "controlCharacter",
      path: [],
      message: "The file's name holds a control character; it is not read.",
    };
    return {
      objects: [],
      diagnostics: [place(finding, { file: quote(name), line: 1, column: 1 }, null)],
    };
  }
  const { lines, documents, findings } = parseYaml(text);
  const read = documents.map((document) => readDocument(name, lines, document.contents));
  return {
    objects: read.flatMap((document) => document.objects),
    diagnostics: [
      ...findings.map(({ finding, position }) => place(finding, { file: name, ...position }, null)),
      ...read.flatMap((document) => document.diagnostics),
    ],
  };
}

function readDocument(file: string, lines: Lines, root: Node | null): Objects {
  if (root === null) return { objects: [], diagnostics: [] };
  const { value, findings } = readValue(root);
  const origin = originOf(file, lines, root, []);
  if (findings.length > 0)
    return { objects: [], diagnostics: findings.map((finding) => at(origin, finding)) };
  // `---` alone, or a document of comments: nothing was written, so nothing is wrong.
  if (value === null) return { objects: [], diagnostics: [] };
  return openObject(value, [], (path) => originOf(file, lines, root, path), undefined);
}

/** What an item of a typed list (`HTTPRouteList`) is, when it does not say so itself. */
interface ItemType {
  readonly apiVersion: string;
  readonly kind: string;
}

function openObject(
  value: unknown,
  path: Path,
  originAt: (path: Path) => Origin,
  itemType: ItemType | undefined,
): Objects {
  const origin = originAt(path);
  const problem = objectProblem(value, itemType);
  if (problem !== undefined)
    return {
      objects: [],
      diagnostics: [at(origin, { code: "notAnObject", path: [], message: problem })],
    };
  const object = { ...itemType, ...(value as object) } as KubernetesObject;
  if (!object.kind.endsWith("List") || !Array.isArray(object["items"]))
    return { objects: [{ object, origin }], diagnostics: [] };
  const opened = object["items"].map((item, index) =>
    openObject(item, [...path, "items", index], originAt, itemTypeOf(object)),
  );
  return {
    objects: opened.flatMap((item) => item.objects),
    diagnostics: opened.flatMap((item) => item.diagnostics),
  };
}

function itemTypeOf({ apiVersion, kind }: KubernetesObject): ItemType | undefined {
  return kind === "List" ? undefined : { apiVersion, kind: kind.slice(0, -"List".length) };
}

const apiVersionPattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[0-9][a-z0-9]*$/;
const kindPattern = /^[A-Z][A-Za-z0-9]*$/;

function objectProblem(value: unknown, itemType: ItemType | undefined): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return "The document is not a mapping.";
  const { apiVersion, kind }: { apiVersion?: unknown; kind?: unknown } = { ...itemType, ...value };
  return (
    wordProblem("apiVersion", apiVersion, apiVersionPattern) ??
    wordProblem("kind", kind, kindPattern)
  );
}

function wordProblem(field: string, value: unknown, pattern: RegExp): string | undefined {
  if (value === undefined || value === null) return `The field ${field} is missing.`;
  if (typeof value !== "string") return `The field ${field} is not text.`;
  return pattern.test(value) ? undefined : `${quote(value)} is no valid ${field}.`;
}

function originOf(file: string, lines: Lines, root: Node, base: Path): Origin {
  const locate = (path: Path): { line: number; column: number } =>
    positionOf(lines, offsetOf(root, [...base, ...path]));
  return { file, ...locate([]), locate };
}

function at(origin: Origin, finding: Finding): Diagnostic {
  return place(finding, { file: origin.file, ...origin.locate(finding.path) }, null);
}
