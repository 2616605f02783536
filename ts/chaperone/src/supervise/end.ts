/** Ends an engine: after its last session, or at once. */

import { setTimeout as delay } from "node:timers/promises";
import { drain } from "../drain/drain.js";
import { countSessions, sessionCounters } from "../drain/sessions.js";
import type { Engine } from "../engine/launch.js";
import type { ExitCode } from "../events.js";
import type { Board } from "../observe/board.js";
import type { StatsCollector } from "../observe/varnishstat.js";
import type { ChaperoneOptions } from "../options.js";
import type { VclLoader } from "../vcl/load.js";

/** Milliseconds for varnishd to end after it was told to. */
const endTimeout = 10_000;
/** Milliseconds for orders that only make the end more gentle: an engine may be past taking any. */
const politeTimeout = 15_000;

export interface DrainParts {
  readonly engine: Engine;
  readonly options: ChaperoneOptions;
  readonly loader: VclLoader;
  readonly board: Board;
  readonly stats: StatsCollector;
}

/** Row C6. */
export async function drainEngine(parts: DrainParts): Promise<ExitCode> {
  const { engine, options, loader, board, stats } = parts;
  const { stop, onEvent } = options;
  board.became("draining");
  onEvent({
    type: "draining",
    message: "Starting connection draining, health check now failing",
  });
  const gone = new AbortController();
  void engine.process.exited.then(() => gone.abort());
  // Clients that keep their connections are asked to close them; without it draining only takes longer.
  await politely(loader.load(engine.client, { closing: true })).catch((error: unknown) => {
    const message = `Connections are not asked to close: ${String(error)}`;
    onEvent({ type: "notice", level: "warn", message });
  });
  const isDrained = await drain({
    sessions: async () => {
      const open = countSessions(await stats.matching(sessionCounters));
      board.draining(open);
      return open;
    },
    onEvent,
    now: AbortSignal.any([stop.now, gone.signal]),
  });
  await politely(engine.client.stop()).catch(() => undefined);
  onEvent({
    type: "stopped",
    message: isDrained ? "varnishd has stopped" : "varnishd was stopped with sessions open",
  });
  return isDrained ? 0 : 5;
}

async function politely<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = delay(politeTimeout, undefined, { signal: over.signal }).then(() => {
    throw new Error(`no answer for ${politeTimeout} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    work.catch(() => undefined);
    over.abort();
  }
}

/** Ends varnishd for good, whatever state it is in. */
export async function endEngine({ process, close }: Engine): Promise<void> {
  close();
  process.kill("SIGTERM");
  const timer = setTimeout(() => process.kill("SIGKILL"), endTimeout);
  await process.exited;
  clearTimeout(timer);
}
