/** `ghostctl check`: every finding in every file. */

import { readFile } from "node:fs/promises";
import { loadCore } from "@ghost-gateway/core";
import type { Core, Diagnostic, EdgeFormat } from "@ghost-gateway/core";
import { judge, readSource, UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { Reading, SourceLocation } from "@ghost-gateway/chaperone/configuration";
import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import type { Io } from "../io.js";
import { countSeverities, linesOf, renderDiagnostic } from "../render/diagnostics.js";
import { sourcesOf } from "../source.js";
import { ownVersion } from "../own-version.js";

interface Options {
  readonly output: "text" | "json" | "sarif" | "github";
}

interface Checked {
  readonly texts: ReadonlyMap<string, Uint8Array>;
  readonly diagnostics: readonly Diagnostic[];
}

export const check: Run<Options> = async (paths, { output }, io) => {
  const core = loadCore();
  const checked: Checked[] = [];
  const { edges, others } = await apart(paths);
  for (const edge of edges) checked.push(await checkEdgeFile(edge, core, io));
  for (const source of await readable(sourcesOf(others)))
    checked.push(await checkSource(source, core));
  const diagnostics = checked.flatMap((one) => one.diagnostics);
  if (output === "text")
    for (const { texts, diagnostics: found } of checked) print(found, texts, io);
  else io.out.write(await forMachines(diagnostics, output));
  io.err.write(`${summary(checked, diagnostics)}\n`);
  return diagnostics.some(({ severity }) => severity === "error")
    ? exitCode.findings
    : exitCode.fine;
};

interface EdgeFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly format: EdgeFormat;
}

/** Configurations of ghost-edge are known by their contents; a folder holds manifests. */
async function apart(
  paths: readonly string[],
): Promise<{ edges: readonly EdgeFile[]; others: readonly string[] }> {
  const edges: EdgeFile[] = [];
  const others: string[] = [];
  for (const file of paths) {
    const bytes = /\.(?:ya?ml|toml)$/i.test(file)
      ? await readFile(file).catch(() => undefined)
      : undefined;
    const format = bytes && (await import("../edge.js")).edgeFormatOf(file, bytes);
    if (bytes !== undefined && format !== undefined) edges.push({ file, bytes, format });
    else others.push(file);
  }
  return { edges, others };
}

async function checkEdgeFile(
  { file, bytes, format }: EdgeFile,
  core: Core,
  { environment }: Io,
): Promise<Checked> {
  const { checkEdge } = await import("../edge.js");
  const diagnostics = await checkEdge(core, file, bytes, format, environment);
  return { texts: new Map([[file, bytes]]), diagnostics };
}

async function forMachines(
  diagnostics: readonly Diagnostic[],
  output: Exclude<Options["output"], "text">,
): Promise<string> {
  if (output === "json") return `${JSON.stringify(diagnostics, null, 2)}\n`;
  const { renderGithub, renderSarif } = await import("../render/findings.js");
  return output === "github" ? renderGithub(diagnostics) : renderSarif(diagnostics, ownVersion());
}

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
