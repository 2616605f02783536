/** `tests/cases/*.json`, the cases that every body runs. */

import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DecideOptions, Diagnostic, RequestInput, RoutingDocument } from "../src/index.js";

export interface CaseFile {
  readonly about: string;
  readonly rule: string;
  readonly config: RoutingDocument;
  /** Codes the document is diagnosed with, sorted. */
  readonly diagnostics?: readonly string[];
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  readonly request: RequestInput;
  readonly draw?: number;
  readonly listener?: string;
  /** Only the keys named here are compared. */
  readonly expect: Readonly<Record<string, unknown>>;
}

const tests: string = fileURLToPath(new URL("../../../tests", import.meta.url));

export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function caseFiles(): { file: string; content: CaseFile }[] {
  const files = globSync("cases/**/*.json", { cwd: tests }).toSorted();
  return files.map((file) => {
    const content: CaseFile = JSON.parse(readFileSync(`${tests}/${file}`, "utf8"));
    return { file, content };
  });
}

/** Failing routing documents with what is recorded about them. The edge's and the engine's codes are tried in their rooms. */
export function errorSamples(): { file: string; document: Uint8Array; found: Diagnostic[] }[] {
  return globSync("errors/GH*.found.json", { cwd: tests })
    .filter((record) => existsSync(`${tests}/${record.replace(".found", "")}`))
    .filter((record) => !record.startsWith("errors/GH06"))
    .toSorted()
    .map((record) => {
      const file = record.replace(".found.json", ".json");
      const found: Diagnostic[] = JSON.parse(readFileSync(`${tests}/${record}`, "utf8"));
      return {
        file: file.slice("errors/".length),
        document: readFileSync(`${tests}/${file}`),
        found,
      };
    });
}

export function optionsOf({ draw = 0, listener }: Case): DecideOptions {
  return listener === undefined ? { draw } : { draw, listener };
}

type Line = readonly [name: string, value: string | null];

function isLines(key: string, value: unknown): value is readonly Line[] {
  return Array.isArray(value) && /headers$/i.test(key);
}

/** Values of the named lines in order; null, the absent value, is none. */
function values(lines: readonly Line[], name: string): string[] {
  return lines
    .filter(([own]) => own.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => (value === null ? [] : [value]));
}

/** What of `found` is compared: the keys that `expected` names, of header lines those with the names it lists. */
export function compared(expected: unknown, found: unknown, key = ""): unknown {
  if (isLines(key, expected) && isLines(key, found)) {
    return Object.fromEntries(expected.map(([name]) => [name, values(found, name)]));
  }
  if (typeof expected !== "object" || expected === null || Array.isArray(expected)) return found;
  const inside: Record<string, unknown> = Object(found);
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [name, compared(value, inside[name], name)]),
  );
}
