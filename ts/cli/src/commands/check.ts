/** `ghostctl check`: every finding in every file. */

import { loadCore } from "@ghost-gateway/core";
import type { Core, Diagnostic } from "@ghost-gateway/core";
import { judge, readSource, UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { Reading, SourceLocation } from "@ghost-gateway/chaperone/configuration";
import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import type { Io } from "../io.js";
import { countSeverities, linesOf, renderDiagnostic } from "../render/diagnostics.js";
import { sourcesOf } from "../source.js";

interface Options {
  readonly output: "text" | "json";
}

interface Checked {
  readonly texts: ReadonlyMap<string, Uint8Array>;
  readonly diagnostics: readonly Diagnostic[];
}

export const check: Run<Options> = async (paths, { output }, io) => {
  const core = loadCore();
  const checked: Checked[] = [];
  for (const source of await readable(sourcesOf(paths)))
    checked.push(await checkSource(source, core));
  const diagnostics = checked.flatMap((one) => one.diagnostics);
  if (output === "json") io.out.write(`${JSON.stringify(diagnostics, null, 2)}\n`);
  else for (const { texts, diagnostics: found } of checked) print(found, texts, io);
  io.err.write(`${summary(checked, diagnostics)}\n`);
  return diagnostics.some(({ severity }) => severity === "error")
    ? exitCode.findings
    : exitCode.fine;
};

async function checkSource(source: SourceLocation, core: Core): Promise<Checked> {
  const reading = await readable(readSource(source));
  return {
    texts: reading.texts,
    diagnostics: distinct([
      ...judge(reading, core, "quarantine").diagnostics,
      ...doubts(reading, core),
    ]),
  };
}

/** What is probably not meant: the core looks for that only when asked. */
function doubts({ documents, place }: Reading, core: Core): readonly Diagnostic[] {
  return documents === null ? [] : place(core.check(documents.routes, documents.file).diagnostics);
}

/** Both ways of asking tell the errors. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byContent = new Map(
    diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]),
  );
  return [...byContent.values()].toSorted(
    (left, right) =>
      compare(left.file, right.file) ||
      left.line - right.line ||
      left.column - right.column ||
      compare(left.code, right.code),
  );
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function print(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, Uint8Array>,
  io: Io,
): void {
  const lines = linesOf(texts);
  for (const diagnostic of diagnostics)
    io.out.write(`${renderDiagnostic(diagnostic, lines, io.out.paint)}\n`);
}

function summary(checked: readonly Checked[], diagnostics: readonly Diagnostic[]): string {
  const files = checked.reduce((sum, { texts }) => sum + texts.size, 0);
  return `${files} ${files === 1 ? "file" : "files"}: ${countSeverities(diagnostics) || "nothing found"}`;
}

async function readable<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof UnreadableSource ? usageFailure(error.message, { cause: error }) : error;
  });
}
