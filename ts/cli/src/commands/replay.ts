/** `ghostctl replay`: a log decided again, by one configuration or by two that are compared. */

import { availableParallelism } from "node:os";
import type { CompileInput, ReplayOptions } from "@ghost-gateway/core";
import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import type { ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { ask, load, loadFor, requireListener } from "../loaded.js";
import type { Loaded } from "../loaded.js";
import { renderReplay } from "../render/replay.js";
import { startCrew } from "../replay/crew.js";
import { openLog } from "../replay/log.js";
import { showProgress } from "../replay/progress.js";
import { summarize } from "../replay/summary.js";
import type { ReplaySummary } from "../replay/summary.js";
import { sourceOf } from "../source.js";
import type { AskedOptions } from "../loaded.js";

interface Options extends AskedOptions {
  readonly against?: string;
  readonly format?: string;
  readonly host?: string;
  readonly listener?: string;
  readonly draw?: string;
  readonly workers?: string;
  readonly failAbove?: string;
  readonly output: "text" | "json" | "yaml";
}

const mostWorkers = 64;

export const replay: Run<Options> = async ([path = "-"], options, io) => {
  const limit = options.failAbove === undefined ? undefined : shareFrom(options.failAbove);
  if (limit !== undefined && options.against === undefined)
    throw usageFailure("--fail-above goes with --against");
  const workers = workersFrom(options.workers);
  const before = await loadFor(options, io);
  requireListener(before.table, options.listener);
  const after =
    options.against === undefined ? null : await load(await sourceOf(options.against), io);
  const summary = await run(path, { before, after, options: replayOptions(options) }, workers, io);
  if (options.output === "text") io.out.write(renderReplay(summary, io.out.paint));
  else {
    const { renderData } = await import("../render/data.js");
    io.out.write(renderData(summary, options.output));
  }
  io.err.write(`${summaryLine(summary)}\n`);
  return endOf(summary, limit);
};

interface Work {
  readonly before: Loaded;
  readonly after: Loaded | null;
  readonly options: ReplayOptions;
}

async function run(path: string, work: Work, workers: number, io: Io): Promise<ReplaySummary> {
  const { before, after, options } = work;
  // Says what is wrong with the format before anything is read.
  ask(() => before.core.replay(options));
  const log = await openLog(path);
  const input = {
    before: compileInput(before),
    after: after === null ? null : compileInput(after),
    options,
  };
  const progress = showProgress(log, io);
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
    log.stop();
  };
  process.once("SIGINT", interrupt);
  let lines = 0;
  let crew: ReturnType<typeof startCrew> | undefined;
  try {
    for await (const piece of log.pieces) {
      crew ??= startCrew(withFormat(input, piece.bytes, options), workers);
      await crew.feed(piece);
      lines = crew.lines.reduce((sum, count) => sum + count, 0);
      progress.tick(lines);
      if (isInterrupted) break;
    }
  } catch (error) {
    if (!isInterrupted) throw error;
  } finally {
    process.off("SIGINT", interrupt);
    progress.end();
  }
  const reports = crew === undefined ? [] : await crew.finish();
  const listings = { before: before.table.listing(), after: after?.table.listing() ?? null };
  return summarize(reports, listings, crew?.lines ?? [], !isInterrupted);
}

/** Every worker must read by the format that the beginning of the log has. */
function withFormat(
  input: { before: CompileInput; after: CompileInput | null; options: ReplayOptions },
  beginning: Uint8Array,
  options: ReplayOptions,
): typeof input {
  if (options.format !== undefined) return input;
  return { ...input, options: { ...options, format: formatOf(beginning) } };
}

function formatOf(beginning: Uint8Array): string {
  const [line = ""] = Buffer.from(beginning.subarray(0, 65_536))
    .toString("latin1")
    .trimStart()
    .split("\n", 1);
  if (line.startsWith("{")) return "json";
  if (/^\*+\s+<< /.test(line)) return "varnishlog";
  return line.split('"').length > 3 ? "combined" : "common";
}

function compileInput({ documents }: Loaded): CompileInput {
  const { routes, file, endpoints, endpointsFile } = documents;
  return {
    routes: new Uint8Array(routes),
    file,
    ...(endpoints === undefined ? {} : { endpoints: new Uint8Array(endpoints) }),
    ...(endpointsFile === undefined ? {} : { endpointsFile }),
  };
}

function replayOptions({ format, host, listener, draw }: Options): ReplayOptions {
  const number = draw === undefined ? undefined : Number(draw);
  if (number !== undefined && !(number >= 0 && number < 1))
    throw usageFailure(`--draw ${draw}: write a number from 0 up to, but not, 1`);
  return {
    ...(format === undefined ? {} : { format }),
    ...(host === undefined ? {} : { host }),
    ...(listener === undefined ? {} : { listener }),
    ...(number === undefined ? {} : { draw: number }),
  };
}

function workersFrom(text: string | undefined): number {
  if (text === undefined) return Math.min(availableParallelism(), mostWorkers);
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= mostWorkers) return workers;
  throw usageFailure(`--workers ${text}: write a whole number from 1 to ${mostWorkers}`);
}

/** `0.1%` or `0.001`. */
function shareFrom(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent === "%" ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  throw usageFailure(`--fail-above ${text}: write a share such as 0.1% or 0.001`);
}

function summaryLine({ lines, requests, unreadable, complete }: ReplaySummary): string {
  const words = `${requests} requests in ${lines} lines${unreadable > 0 ? `, ${unreadable} unreadable` : ""}`;
  return complete ? words : `interrupted after ${words}`;
}

function endOf(
  { complete, changed, requests }: ReplaySummary,
  limit: number | undefined,
): ExitCode {
  if (!complete) return exitCode.interrupted;
  if (changed === null) return exitCode.fine;
  const share = requests === 0 ? 0 : changed / requests;
  const isFine = limit === undefined ? changed === 0 : share <= limit;
  return isFine ? exitCode.fine : exitCode.findings;
}
