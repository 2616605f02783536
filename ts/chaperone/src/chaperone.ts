/**
 * The chaperone: one process beside one varnishd. Starts it, gives it VCL and documents, follows the source, restarts it, drains,
 * stops.
 *
 * The jobs are in the folders; this file is their order. Knows no command line and prints nothing: see events.ts.
 */

import { loadCore } from "@ghost-gateway/core";
import { AdminError } from "./admin/error.js";
import { Generations } from "./apply/generations.js";
import { LiveDocuments } from "./apply/live.js";
import { Publisher } from "./apply/publisher.js";
import { NoAnswer } from "./apply/reload.js";
import { EngineFailure } from "./engine/launch.js";
import { createWorkspace, UnusableFolder } from "./engine/workspace.js";
import type { Workspace } from "./engine/workspace.js";
import type { ExitCode, OnEvent } from "./events.js";
import { readAndJudge, refusal } from "./follow.js";
import { Board } from "./observe/board.js";
import { StatsCollector } from "./observe/varnishstat.js";
import type { ChaperoneOptions } from "./options.js";
import { openObservation } from "./supervise/observation.js";
import { settle } from "./supervise/start.js";
import { Supervisor } from "./supervise/supervisor.js";
import { VclRefused } from "./vcl/load.js";

export type { ChaperoneOptions } from "./options.js";

/** Runs until it is asked to stop or the engine fails. Does not reject for anything that can go wrong outside this program. */
export async function runChaperone(options: ChaperoneOptions): Promise<ExitCode> {
  const { source, policy, vmod, runParent, runFolder, onEvent } = options;
  const core = options.core ?? loadCore();
  const read = source.kind === "custom" ? source.read : source;
  const judged = await readAndJudge(read, core, policy);
  const lasting = runFolder === undefined ? {} : { folder: runFolder };
  // Without a folder that lasts there is nothing to fall back to.
  if (judged.verdict.kind === "refused" && runFolder === undefined) {
    onEvent(refusal(judged.message, judged.verdict.diagnostics));
    return 3;
  }
  let workspace: Workspace | undefined;
  try {
    workspace = await createWorkspace(vmod.library, {
      ...(runParent === undefined ? {} : { parent: runParent }),
      ...lasting,
    });
    const generations = await Generations.open(workspace.generationsFolder);
    const beginning = await settle(options, core, judged, generations);
    if (typeof beginning === "number") return beginning;
    return await supervise({ ...options, core }, workspace, generations, beginning);
  } catch (error) {
    return tellFailure(error, onEvent);
  } finally {
    await workspace?.release();
  }
}

async function supervise(
  options: ChaperoneOptions & { readonly core: NonNullable<ChaperoneOptions["core"]> },
  workspace: Workspace,
  generations: Generations,
  beginning: Exclude<Awaited<ReturnType<typeof settle>>, number>,
): Promise<ExitCode> {
  const { source } = options;
  const paths =
    source.kind === "custom"
      ? [source.name]
      : source.kind === "document"
        ? [source.file]
        : source.paths;
  const board = new Board({ kind: source.kind, paths }, new Date().toISOString());
  board.livesIn(workspace.folder);
  board.held(beginning.isHeld);
  const counted = generations.entries.filter(({ routes }) => routes.isCounted);
  const live = new LiveDocuments(options.core, workspace.endpointsName);
  const publisher = new Publisher(
    workspace,
    Math.max(0, ...counted.map(({ routes }) => routes.generation ?? 0)),
    live,
  );
  const stats = new StatsCollector(workspace.workDirectory, options.varnishstat);
  const supervisor = new Supervisor({
    options,
    workspace,
    generations,
    beginning,
    board,
    publisher,
    live,
    stats,
  });
  const close = await openObservation({
    options,
    workspace,
    board,
    stats,
    orders: {
      drain: () => supervisor.drain(),
      history: () => generations.entries,
      rollback: (number) => supervisor.rollback(number),
    },
  });
  try {
    return await supervisor.run();
  } finally {
    await close();
  }
}

function tellFailure(error: unknown, onEvent: OnEvent): ExitCode {
  if (error instanceof VclRefused) {
    onEvent(refusal(error.message, [], "engine"));
    return 3;
  }
  if (!isForeseen(error)) throw error;
  onEvent({ type: "notice", level: "error", message: error.message });
  return error instanceof UnusableFolder ? 2 : 1;
}

/** Failures of the world outside; others are ours and go up with their stack. */
function isForeseen(error: unknown): error is Error {
  return [EngineFailure, AdminError, NoAnswer, UnusableFolder].some(
    (kind) => error instanceof kind,
  );
}
