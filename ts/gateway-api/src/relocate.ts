/**
 * The core's findings about a translated document, moved to where people wrote the cause: from a
 * path in `ghost.json` to file, line and column of a manifest.
 */

import { compareDiagnostics } from "./diagnostics.js";
import type { Diagnostic } from "./diagnostics.js";
import type { RoutingDocument } from "./document.js";
import { compareOrigins, renderPath } from "./source.js";
import type { LocatedObject, Path, Step } from "./source.js";

/**
 * Moves findings to the manifests that `document` was translated from, sorted by place. Findings
 * about parts that no single object wrote (listeners, the document itself) stay as they are.
 */
export function relocate(
  findings: readonly Diagnostic[],
  document: RoutingDocument,
  objects: readonly LocatedObject[],
): Diagnostic[] {
  const sources = indexSources(objects);
  return findings
    .map((finding) => relocateOne(finding, document, sources))
    .toSorted(compareDiagnostics);
}

type Sources = ReadonlyMap<string, LocatedObject>;

function relocateOne(finding: Diagnostic, document: RoutingDocument, sources: Sources): Diagnostic {
  const [part, which, ...rest] = parsePath(finding.path);
  if (part === "routes" && typeof which === "number") {
    const route = document.routes[which];
    const source = sources.get(`${route?.kind ?? ""}/${route?.name ?? ""}`);
    return source === undefined ? finding : moveTo(finding, source, routePath(rest, source));
  }
  if (part === "services" && typeof which === "string") {
    const source = sources.get(`Service/${which.replace(/:\d+(?:\/grpc)?$/, "")}`);
    return source === undefined ? finding : moveTo(finding, source, []);
  }
  return finding;
}

function moveTo(finding: Diagnostic, source: LocatedObject, path: Path): Diagnostic {
  const { line, column } = source.origin?.locate(path) ?? { line: 0, column: 0 };
  return { ...finding, file: source.origin?.file ?? "", line, column, path: renderPath(path) };
}

/** Path in the HTTPRoute or GRPCRoute for one in a route of the document: few names differ. */
function routePath(steps: Path, source: LocatedObject): Path {
  const path: Step[] = steps.length === 0 ? [] : ["spec"];
  for (const step of steps) {
    // A mirror that leads nowhere was left out of the document, so that the numbers of filters may
    // differ.
    if (path.at(-1) === "filters" && typeof step === "number" && hasMirror(source, path))
      return path;
    path.push(namesInManifest.get(step) ?? step);
  }
  // Only those hosts are in the document that a listener answers for.
  return path[1] === "hostnames" ? path.slice(0, 2) : path;
}

const namesInManifest: ReadonlyMap<Step, Step> = new Map([
  ["backends", "backendRefs"],
  ["service", "backendRef"],
  ["listeners", "parentRefs"],
]);

function hasMirror({ object }: LocatedObject, path: Path): boolean {
  const filters = path.reduce<unknown>(valueAt, object);
  return (
    Array.isArray(filters) && filters.some((filter) => valueAt(filter, "type") === "RequestMirror")
  );
}

function valueAt(value: unknown, step: Step): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, step)?.value
    : undefined;
}

/** Objects by `Kind/namespace/name`; of two the one that counts, which is the first by place. */
function indexSources(objects: readonly LocatedObject[]): Sources {
  const sources = new Map<string, LocatedObject>();
  for (const source of objects.toSorted((left, right) =>
    compareOrigins(left.origin, right.origin),
  )) {
    const metadata = valueAt(source.object, "metadata");
    const written = valueAt(metadata, "namespace");
    const namespace = typeof written === "string" && written !== "" ? written : "default";
    const key = `${source.object.kind}/${namespace}/${String(valueAt(metadata, "name"))}`;
    if (!sources.has(key)) sources.set(key, source);
  }
  return sources;
}

/**
 * Reads a path as the core writes it: `routes[0].rules[1].name`, unusual keys as JSON strings in
 * brackets.
 */
function parsePath(path: string): Step[] {
  const steps = path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return [...steps].map(([, index, quoted, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? "") : unquote(quoted);
  });
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
