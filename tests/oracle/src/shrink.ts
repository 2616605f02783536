/** Makes a difference small: drops whatever it does not need, until nothing more can go. */

import { compareRound, type Difference, type Engine, type MakeReference } from "./compare.ts";
import type { Document } from "./document.ts";
import type { Question } from "./question.ts";

interface Specimen {
  readonly document: Document;
  readonly question: Question;
}

/** Keys from the outside in. */
type Path = readonly (string | number)[];

/** The smallest specimen found in which the first differing field still differs. */
export function shrink(engine: Engine, reference: MakeReference, found: Difference): Difference {
  if (found.question === undefined) return found;
  let best: Difference & Specimen = { ...found, question: found.question };
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const path of removablePaths({ document: best.document, question: best.question })) {
      const smaller = stillDiffers(engine, reference, best, path);
      if (smaller === null) continue;
      best = smaller;
      shrunk = true;
      // Places behind the removed one have moved: begin anew.
      break;
    }
  }
  return best;
}

function stillDiffers(
  engine: Engine,
  reference: MakeReference,
  best: Difference & Specimen,
  path: Path,
): (Difference & Specimen) | null {
  const { document, question } = without(
    { document: best.document, question: best.question },
    path,
  );
  try {
    const [again] = compareRound(engine, reference, { document, questions: [question] });
    const same = again?.question !== undefined && again.fields[0] === best.fields[0];
    return same ? { ...again, question } : null;
  } catch {
    // What neither of the two can take is no smaller specimen.
    return null;
  }
}

const NEEDED = new Set([
  "version",
  "routes",
  "services",
  "name",
  "type",
  "value",
  "method",
  "url",
  "headers",
  "draw",
]);
const NEVER = new Set([
  "address",
  "port",
  "protocol",
  "document",
  "question",
  "request",
  "service",
  "scheme",
]);

/** Every place whose value may be left out, outermost first. */
function removablePaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const own = entries.filter(([key]) => isRemovable(key, path)).map(([key]) => [...path, key]);
  const line = isHeaderLine(path);
  return [
    ...(line ? [] : own),
    ...entries.flatMap(([key, inner]) => removablePaths(inner, [...path, key])),
  ];
}

function isRemovable(key: string | number, path: Path): boolean {
  if (typeof key === "number") return true;
  if (path.at(-1) === "services") return true;
  // A match's method may go, a request's may not; the same with the names of rules and of headers.
  if (key === "method" && path.includes("matches")) return true;
  if (key === "name" && path.at(-2) === "rules") return true;
  if (key === "headers" && path.includes("matches")) return true;
  return !NEEDED.has(key) && !NEVER.has(key);
}

/** `["name", "value"]` goes as a whole. */
function isHeaderLine(path: Path): boolean {
  return path.length === 4 && path[0] === "question" && path[2] === "headers";
}

/** A copy of the specimen without the value at that place. */
function without(specimen: Specimen, path: Path): Specimen {
  const copy = structuredClone(specimen);
  let place: object = copy;
  for (const key of path.slice(0, -1)) place = Object(Reflect.get(place, key));
  const last = path.at(-1) ?? "";
  if (Array.isArray(place)) place.splice(Number(last), 1);
  else Reflect.deleteProperty(place, last);
  return copy;
}
