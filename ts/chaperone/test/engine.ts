/** What tests with the real varnishd share. */

import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runChaperone } from "../src/chaperone.js";
import type { ChaperoneOptions } from "../src/chaperone.js";
import { findVmod } from "../src/engine/vmod.js";
import type { VmodFiles } from "../src/engine/vmod.js";
import type { ChaperoneEvent, ExitCode } from "../src/events.js";
import { EventQueue } from "./events.js";
import type { EventOf } from "./events.js";

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ghost-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The VMOD as it was built. */
export function builtVmod(): VmodFiles {
  const vmod = findVmod(process.env);
  if (vmod === undefined) throw new Error("the VMOD is not built: make vmod");
  return vmod;
}

/** An HTTP server on a free port that goes with the test. */
export async function serveHttp(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

export interface Running {
  readonly events: readonly ChaperoneEvent[];
  /** The first event of a type that comes after the call, or has come and was not asked for yet. */
  readonly next: <Type extends ChaperoneEvent["type"]>(type: Type) => Promise<EventOf<Type>>;
  readonly drain: () => void;
  readonly now: () => void;
  readonly exit: Promise<ExitCode>;
}

/** Runs a chaperone that ends with the test. */
export function start(
  options: Omit<ChaperoneOptions, "stop" | "onEvent" | "vmod" | "policy"> &
    Partial<ChaperoneOptions>,
): Running {
  const drain = new AbortController();
  const now = new AbortController();
  const queue = new EventQueue();
  const { events } = queue;
  const exit = runChaperone({
    policy: "refuse",
    vmod: builtVmod(),
    stop: { drain: drain.signal, now: now.signal },
    onEvent: queue.push,
    ...options,
  });
  const ended = exit.then((code): never => {
    throw new Error(`the chaperone ended with ${code}: ${JSON.stringify(events.slice(-5))}`);
  });
  ended.catch(() => undefined);
  const next: Running["next"] = (type) => queue.next(type, ended);
  onTestFinished(async () => {
    drain.abort();
    now.abort();
    await exit.catch(() => undefined);
  });
  return { events, next, drain: () => drain.abort(), now: () => now.abort(), exit };
}
