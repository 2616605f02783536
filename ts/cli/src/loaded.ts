/** A configuration, read and compiled: what every command begins with that asks about requests. */

import { CoreError, loadCore } from "@ghost-gateway/core";
import type { Core, RouteTable } from "@ghost-gateway/core";
import { readSource, UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { Documents, Reading, SourceLocation } from "@ghost-gateway/chaperone/configuration";
import { CommandFailure, exitCode, usageFailure } from "./exit.js";
import type { Io } from "./io.js";
import { servedIn, sourceFrom } from "./source.js";
import type { SourceOptions } from "./source.js";
import { countSeverities, linesOf, renderDiagnostic } from "./render/diagnostics.js";

export interface Loaded {
  readonly core: Core;
  readonly reading: Reading;
  readonly documents: Documents;
  readonly table: RouteTable;
}

/** Reads and compiles a source. Errors that leave a table are told on the way: the answers are right for what is served. */
export async function load(source: SourceLocation, io: Io): Promise<Loaded> {
  return compile(await read(source), io);
}

/** As `load`, for what the options name: files, a run folder, a cluster, or a Pod. */
export async function loadFor(options: AskedOptions, io: Io): Promise<Loaded> {
  return compile(await readFor(options), io);
}

/** What may be asked about: files, what a run folder or a Pod serves, or a cluster. */
export interface AskedOptions extends SourceOptions {
  readonly runFolder?: string;
}

/** What the options name, as it is now. */
export async function readFor(options: AskedOptions): Promise<Reading> {
  const { config, filename, runFolder, cluster, pod } = options;
  const named = [config, filename, runFolder, cluster, pod].filter((one) => one !== undefined);
  if (named.length > 1) throw usageFailure("give one of -c, -f, --run-folder, --cluster and --pod");
  if (runFolder !== undefined) return read(servedIn(runFolder));
  if (pod !== undefined) return (await import("./pod.js")).readPod(pod, options);
  if (options.cluster !== true) {
    if (options.kubeconfig !== undefined || options.context !== undefined)
      throw usageFailure("--kubeconfig and --context go with --cluster or --pod");
    return read(sourceFrom(options));
  }
  const { readCluster } = await import("./cluster.js");
  return readCluster(options);
}

/** Reads a source; one that cannot be opened is the asker's mistake. */
export async function read(source: SourceLocation): Promise<Reading> {
  return readSource(source).catch((error: unknown) => {
    throw error instanceof UnreadableSource ? usageFailure(error.message, { cause: error }) : error;
  });
}

export function compile(reading: Reading, io: Io): Loaded {
  const core = loadCore();
  const { documents } = reading;
  const compiled = documents === null ? { table: null, diagnostics: [] } : core.compile(documents);
  const errors = [...reading.diagnostics, ...reading.place(compiled.diagnostics)].filter(
    ({ severity }) => severity === "error",
  );
  if (compiled.table === null || documents === null) {
    const lines = linesOf(reading.texts);
    for (const error of errors) io.err.write(`${renderDiagnostic(error, lines, io.err.paint)}\n`);
    throw new CommandFailure(
      `the configuration cannot be read: ${countSeverities(errors)}`,
      exitCode.findings,
    );
  }
  if (errors.length > 0) {
    const { file = "", line, column, code, message } = errors[0] ?? {};
    io.err.write(
      `${io.err.paint("yellow", "warning:")} the configuration has ${countSeverities(errors)}; what is wrong is left out, as when serving\n`,
    );
    io.err.write(
      `  first: ${file}:${line}:${column}: ${code} ${message}\n  see all: ghostctl check\n`,
    );
  }
  return { core, reading, documents, table: compiled.table };
}

/** Throws a usage failure where the configuration has no such listener. */
export function requireListener({ listeners }: RouteTable, wanted: string | undefined): void {
  if (wanted === undefined || listeners.some(({ name }) => name === wanted)) return;
  const names = listeners.map(({ name }) => name).join(", ") || "none";
  throw usageFailure(
    `there is no listener ${JSON.stringify(wanted)}; the configuration has: ${names}`,
  );
}

/** What the core takes for no request, or for no format, is the asker's mistake. */
export function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    const isAskers =
      error instanceof CoreError &&
      (error.code === "invalidRequest" || error.code === "invalidOptions");
    throw isAskers ? usageFailure(error.message, { cause: error }) : error;
  }
}
