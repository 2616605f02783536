/**
 * Golden cases: `testdata/<case>.in.yaml` with its `<case>.out.yaml`.
 *
 * The input begins with a comment that says the claim. `# options: {...}` gives translate's
 * options; a line `# file: NAME` begins a further file, whose lines count from 1 after it. Without
 * such a line the case is one file, named as it is.
 */

import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Document, isScalar, visit } from "yaml";
import { readObjects, translate } from "../src/index.js";
import type { LocatedObject, SourceFile, TranslateOptions } from "../src/index.js";

export const testdata: string = fileURLToPath(new URL("../testdata", import.meta.url));

export interface Case {
  readonly name: string;
  /** The comment lines at the top, but for directives. */
  readonly claim: string;
  readonly options: TranslateOptions;
  readonly files: readonly SourceFile[];
}

/** Names of all files that end so, without that end. */
export function names(end: ".in.yaml" | ".out.yaml"): string[] {
  return globSync(`*${end}`, { cwd: testdata })
    .map((file) => basename(file, end))
    .toSorted();
}

export function outputFile(name: string): string {
  return join(testdata, `${name}.out.yaml`);
}

export function readCase(name: string): Case {
  const file = `${name}.in.yaml`;
  const text = readFileSync(join(testdata, file), "utf8");
  const head = text.split("\n").slice(
    0,
    text.split("\n").findIndex((line) => !line.startsWith("#")),
  );
  const claim = head
    .filter((line) => !/^# (?:options|file):/.test(line))
    .map((line) => line.slice(1).trim());
  const options = /^# options: (.*)$/m.exec(text)?.[1] ?? "{}";
  return {
    name,
    claim: claim.join(" "),
    options: JSON.parse(options) as TranslateOptions,
    files: splitFiles(file, text),
  };
}

function splitFiles(name: string, text: string): SourceFile[] {
  const [first = "", ...rest] = text.split(/^(?=# file: )/m);
  if (rest.length === 0) return [{ name, text: first }];
  return rest.map((part) => {
    const [directive = "", ...lines] = part.split("\n");
    return { name: directive.slice("# file: ".length).trim(), text: lines.join("\n") };
  });
}

/** What a case's objects come to, as the golden file has it. */
export function render(
  objects: readonly LocatedObject[],
  diagnostics: readonly unknown[],
  options: TranslateOptions,
): string {
  const result = translate(objects, options);
  const all = {
    document: result.document,
    statuses: result.statuses,
    diagnostics: [...diagnostics, ...result.diagnostics],
  };
  const written = new Document(all, { aliasDuplicateObjects: false });
  visit(written, {
    // A mapping of plain values stands on one line: a condition, an endpoint, a diagnostic.
    Map(_key, map) {
      map.flow = map.items.every(({ value }) => isScalar(value));
    },
  });
  return written.toString({ lineWidth: 0 });
}

export function renderCase({ files, options }: Case): string {
  const { objects, diagnostics } = readObjects(files);
  return render(objects, diagnostics, options);
}
