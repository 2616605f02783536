/** Makes a difference small: drops whatever it does not need, until nothing more can go. */

import { compareRound, type Difference, type Engine, type MakeReference } from "./compare.ts";
import type { Document } from "./document.ts";
import type { Question } from "./question.ts";

interface Specimen {
  readonly document: Document;
  readonly question: Question;
}

/** The smallest specimen found in which the first differing field still differs. */
export function shrink(engine: Engine, reference: MakeReference, found: Difference): Difference {
  if (found.question === undefined) return found;
  let best: Difference & Specimen = { ...found, question: found.question };
  for (let shrunk = true; shrunk; ) {
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
  path: readonly (string | number)[],
): (Difference & Specimen) | null {
  const { document, question } = without({ document: best.document, question: best.question }, path) as Specimen;
  try {
    const [again] = compareRound(engine, reference, { document, questions: [question] });
    const same = again?.question !== undefined && again.fields[0] === best.fields[0];
    return same ? { ...again, question } : null;
  } catch {
    return null;
  }
}

const NEEDED = new Set(["version", "routes", "services", "name", "type", "value", "method", "url", "headers", "draw"]);
const NEVER = new Set(["address", "port", "protocol", "document", "question", "request", "service", "scheme"]);

/** Every place whose value may be left out, outermost first. */
function removablePaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const own = entries.filter(([key]) => isRemovable(key, path)).map(([key]) => [...path, key]);
  const line = isHeaderLine(path);
  return [...(line ? [] : own), ...entries.flatMap(([key, inner]) => removablePaths(inner, [...path, key]))];
}

function isRemovable(key: string | number, path: readonly (string | number)[]): boolean {
  if (typeof key === "number") return true;
  if (path.at(-1) === "services") return true;
  // A match's method may go, a request's may not; the same with the names of rules and of headers.
  if (key === "method" && path.includes("matches")) return true;
  if (key === "name" && path.at(-2) === "rules") return true;
  if (key === "headers" && path.includes("matches")) return true;
  return !NEEDED.has(key) && !NEVER.has(key);
}

/** `["name", "value"]` goes as a whole. */
function isHeaderLine(path: readonly (string | number)[]): boolean {
  return path.length === 4 && path[0] === "question" && path[2] === "headers";
}

function without(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, index) => index !== key);
    return value.map((inner: unknown, index) => (index === key ? without(inner, rest) : inner));
  }
  const entries = Object.entries(value as Record<string, unknown>);
  const kept = rest.length === 0 ? entries.filter(([name]) => name !== key) : entries;
  return Object.fromEntries(kept.map(([name, inner]) => [name, name === key ? without(inner, rest) : inner]));
}
