/**
 * YAML text to documents, with the meaning kubectl gives them: YAML 1.1 words for booleans and
 * octal numbers, keys always text, no dates and no base-60 numbers, `<<` merges. JSON is YAML.
 *
 * Must not know Kubernetes objects.
 */

import { LineCounter, parseAllDocuments } from "yaml";
import type { Document, ParsedNode, SchemaOptions } from "yaml";
import type { Finding } from "../diagnostics.js";
import { printable } from "../source.js";
import type { Position } from "../source.js";
import { positionOf } from "./position.js";
import type { Lines } from "./position.js";

/** A finding at a place in a file. */
export interface LocatedFinding {
  readonly finding: Finding;
  readonly position: Position;
}

/** The documents of a file that could be read, and what was wrong with the others. */
export interface YamlFile {
  readonly lines: Lines;
  readonly documents: readonly Document.Parsed[];
  readonly findings: readonly LocatedFinding[];
}

// The reader of Kubernetes (a YAML 1.1 reader) leaves these as text, and manifests rely on it:
// creationTimestamp is text, and so is 12:30, which YAML 1.1 calls the number 750.
const unusedTags = /:(?:timestamp|binary|omap|pairs|set)$/;

const keepTags: NonNullable<SchemaOptions["customTags"]> = (tags) =>
  tags.filter(
    (tag) => typeof tag === "string" || !(unusedTags.test(tag.tag) || isSexagesimal(tag)),
  );

function isSexagesimal(tag: object): boolean {
  return "format" in tag && tag.format === "TIME";
}

/** Splits and parses a file. A document with an error is left out; the others of the file stay. */
export function parseYaml(text: string): YamlFile {
  const counter = new LineCounter();
  const lines: Lines = { text, counter };
  const unprintable = findUnprintable(text);
  const parsed = parseAllDocuments<ParsedNode>(text, {
    version: "1.1",
    customTags: keepTags,
    stringKeys: true,
    // Duplicates are found by readValue: the parser's own check is quadratic in the keys of a
    // mapping.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    lineCounter: counter,
  });
  // YAML 1.2 section 5.1: such characters may not appear raw. A file that has one is not text;
  // nothing of it is read.
  if (unprintable !== undefined)
    return { lines, documents: [], findings: [unprintableAt(lines, unprintable)] };
  const all = [...parsed];
  return {
    lines,
    documents: all.filter((document) => firstProblem(document) === undefined),
    findings: all.flatMap((document) => describeProblem(lines, document)),
  };
}

function findUnprintable(text: string): number | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const index = text.search(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F]/);
  return index === -1 ? undefined : index;
}

function unprintableAt(lines: Lines, offset: number): LocatedFinding {
  const name = `U+${lines.text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0")}`;
  const message = `The file holds the control character ${name}; nothing of it is read.`;
  return {
    finding: { code: "controlCharacter", path: [], message },
    position: positionOf(lines, offset),
  };
}

// Only the first problem of a document is told: those after it are mostly its consequences.
function firstProblem(
  document: Document.Parsed,
): { readonly message: string; readonly pos: readonly [number, number] } | undefined {
  return document.errors[0] ?? document.warnings[0];
}

function describeProblem(lines: Lines, document: Document.Parsed): LocatedFinding[] {
  const problem = firstProblem(document);
  if (problem === undefined) return [];
  const isTooDeep = "code" in problem && problem.code === "RESOURCE_EXHAUSTION";
  const finding: Finding = isTooDeep
    ? { code: "tooLarge", path: [], message: "The document is nested too deeply to be read." }
    : { code: "invalidYaml", path: [], message: `${printable(problem.message)}.` };
  return [{ finding, position: positionOf(lines, problem.pos[0]) }];
}
