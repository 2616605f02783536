/** `ghostctl test`: requests and what is expected of them. */

import { watch } from "node:fs";
import { dirname } from "node:path";
import type { RouteTable } from "@ghost-gateway/core";
import type { SourceLocation } from "@ghost-gateway/chaperone/configuration";
import type { Run } from "../command.js";
import { CommandFailure, exitCode, usageFailure } from "../exit.js";
import type { ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { ask, load } from "../loaded.js";
import { renderResults } from "../render/test-report.js";
import type { TestFormat, TestResult } from "../render/test-report.js";
import { judgeTest } from "../route-tests/judge.js";
import { readRouteTests } from "../route-tests/read.js";
import type { RouteTestFile } from "../route-tests/read.js";
import { sourceFrom } from "../source.js";
import type { SourceOptions } from "../source.js";

interface Options extends SourceOptions {
  readonly watch?: boolean;
  readonly output: TestFormat;
}

export const test: Run<Options> = async (files, options, io) => {
  if (options.watch !== true) return (await runAll(files, options, io)).end;
  await follow(files, options, io);
  return exitCode.fine;
};

interface Round {
  readonly end: ExitCode;
  /** Everything that was read. */
  readonly files: readonly string[];
}

async function runAll(files: readonly string[], options: Options, io: Io): Promise<Round> {
  const results: TestResult[] = [];
  const read: string[] = [...files];
  for (const path of files) {
    const file = await readRouteTests(path);
    const loaded = await load(sourceOfTests(file, options), io);
    read.push(...loaded.reading.texts.keys());
    results.push(...judgeAll(file, loaded.table));
    loaded.table.dispose();
  }
  io.out.write(renderResults(results, options.output, io.out.paint));
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  io.err.write(`${results.length - failed} passed, ${failed} failed\n`);
  return { end: failed === 0 ? exitCode.fine : exitCode.findings, files: read };
}

function judgeAll({ file, tests }: RouteTestFile, table: RouteTable): TestResult[] {
  return tests.map((one) => ({
    file,
    name: one.name,
    line: one.line,
    failures: ask(() => judgeTest(table, one)),
  }));
}

/** What the command line names comes before what the file names. */
function sourceOfTests(
  { file, config, manifests }: RouteTestFile,
  options: Options,
): SourceLocation {
  if (options.config !== undefined || options.filename !== undefined) return sourceFrom(options);
  if (config !== undefined && manifests !== undefined)
    throw usageFailure(`${file}: give either config or manifests, not both`);
  if (manifests !== undefined) return sourceFrom({ ...options, filename: manifests });
  return sourceFrom(config === undefined ? options : { ...options, config });
}

/** Runs again after every change of anything that was read, until Ctrl-C. */
async function follow(files: readonly string[], options: Options, io: Io): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  while (!stop.signal.aborted) {
    const read = await runAll(files, options, io).then(
      (round) => round.files,
      (error: unknown) => {
        if (!(error instanceof CommandFailure)) throw error;
        io.err.write(`${io.err.paint("red", "error:")} ${error.message}\n`);
        return files;
      },
    );
    io.err.write(io.err.paint("dim", "waiting for changes; Ctrl-C ends\n"));
    await changeOf(read, stop.signal);
  }
}

/** Folders are watched, because editors save by rename. */
async function changeOf(files: readonly string[], signal: AbortSignal): Promise<void> {
  const folders = new Set(files.map((file) => dirname(file)));
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = 50;
  let timer: NodeJS.Timeout | undefined;
  const change = (): void => {
    clearTimeout(timer);
    timer = setTimeout(resolve, settle);
  };
  const watchers = [...folders].map((folder) => watch(folder, change));
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  for (const watcher of watchers) watcher.close();
}
