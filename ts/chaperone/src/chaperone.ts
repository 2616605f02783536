/**
 * The chaperone: one process beside one varnishd. Starts it, gives it VCL and documents, follows the source, drains, stops.
 *
 * The jobs are in the folders; this file is their order. Knows no command line and prints nothing: see events.ts.
 */

import { loadCore } from "@ghost-gateway/core";
import type { Core } from "@ghost-gateway/core";
import { AdminError } from "./admin/error.js";
import { controlListener } from "./engine/arguments.js";
import { Publisher } from "./apply/publisher.js";
import { NoAnswer, sweep } from "./apply/reload.js";
import type { ErrorPolicy, GoodVerdict } from "./apply/verdict.js";
import { drain, openSessions } from "./drain/drain.js";
import type { StopRequests } from "./drain/signals.js";
import { EngineFailure, launchEngine } from "./engine/launch.js";
import type { Engine } from "./engine/launch.js";
import { planListeners } from "./engine/listeners.js";
import type { DocumentListener, EngineListener, ListenOption } from "./engine/listeners.js";
import { readLogLine } from "./engine/log.js";
import type { EngineExit } from "./engine/process.js";
import type { VmodFiles } from "./engine/vmod.js";
import { createWorkspace, UnusableFolder } from "./engine/workspace.js";
import type { Workspace } from "./engine/workspace.js";
import type { ExitCode, OnEvent } from "./events.js";
import { Follower, readAndJudge, refusal } from "./follow.js";
import type { Judged } from "./follow.js";
import type { SourceLocation } from "./sources/source.js";
import { watchSource } from "./sources/watch.js";
import { VclLoader, VclRefused } from "./vcl/load.js";

export interface ChaperoneOptions {
  readonly source: SourceLocation;
  /** What an error in a readable document means. */
  readonly policy: ErrorPolicy;
  readonly listen: readonly ListenOption[];
  readonly vmod: VmodFiles;
  /** The user's VCL. */
  readonly vcl?: string;
  /** Folder to make the run folder in; the system's temporary folder by default. */
  readonly runParent?: string;
  /** The program; `varnishd` by default. */
  readonly varnishd?: string;
  /** Size of the cache in memory; 256m by default. */
  readonly cacheSize?: string;
  readonly stop: StopRequests;
  readonly onEvent: OnEvent;
  readonly core?: Core;
}

/** Milliseconds between two sweeps: the engine has no thread of its own to free what it no longer uses. */
const sweepInterval = 60_000;
/** Milliseconds for varnishd to end after it was told to. */
const endTimeout = 10_000;

/** Runs until it is asked to stop or the engine fails. Does not reject for anything that can go wrong outside this program. */
export async function runChaperone(options: ChaperoneOptions): Promise<ExitCode> {
  const start = await begin(options);
  if (typeof start === "number") return start;
  let workspace: Workspace | undefined;
  try {
    workspace = await createWorkspace(options.vmod.library, options.runParent);
    return await new Run(options, start, workspace).run();
  } catch (error) {
    return tellFailure(error, options.onEvent);
  } finally {
    await workspace?.remove();
  }
}

/** What is known before anything runs. */
interface Start {
  readonly core: Core;
  readonly judged: Judged;
  readonly verdict: GoodVerdict;
  readonly listeners: readonly EngineListener[];
}

async function begin(options: ChaperoneOptions): Promise<Start | ExitCode> {
  const { source, policy, listen, onEvent } = options;
  const core = options.core ?? loadCore();
  const judged = await readAndJudge(source, core, policy);
  const { verdict } = judged;
  if (verdict.kind === "refused") {
    onEvent(refusal(judged.message, verdict.diagnostics));
    return 3;
  }
  const plan = planListeners(verdict.listeners, listen);
  for (const message of plan.notices) onEvent({ type: "notice", level: "warn", message });
  for (const message of plan.problems) onEvent({ type: "notice", level: "error", message });
  return plan.problems.length > 0 ? 2 : { core, judged, verdict, listeners: plan.listeners };
}

/** One life of one engine. */
class Run {
  readonly #options: ChaperoneOptions;
  readonly #start: Start;
  readonly #workspace: Workspace;
  readonly #publisher: Publisher;
  readonly #loader: VclLoader;
  /** From when on varnishd's complaints about its end are expected. */
  #isEnding = false;

  constructor(options: ChaperoneOptions, start: Start, workspace: Workspace) {
    this.#options = options;
    this.#start = start;
    this.#workspace = workspace;
    this.#publisher = new Publisher(workspace);
    const { vcl, vmod } = options;
    this.#loader = new VclLoader(workspace, {
      ghost: vmod.vcl,
      ...(vcl === undefined ? {} : { user: vcl }),
    });
  }

  async run(): Promise<ExitCode> {
    const { documents, generation } = this.#start.verdict;
    await this.#publisher.prepare(documents, generation);
    const engine = await this.#launch();
    try {
      await this.#serve(engine);
      return await this.#follow(engine);
    } finally {
      this.#isEnding = true;
      await end(engine);
    }
  }

  #launch(): Promise<Engine> {
    const { varnishd = "varnishd", cacheSize = "256m" } = this.#options;
    return launchEngine({
      varnishd,
      workspace: this.#workspace,
      listeners: this.#start.listeners,
      cacheSize,
      onLine: (line) => this.#tellLine(line),
    });
  }

  #tellLine(line: string): void {
    const { onEvent } = this.#options;
    const { level, message, child } = readLogLine(line);
    onEvent({ type: "engineLog", level: this.#isEnding ? "debug" : level, message });
    // varnishd itself starts a new child, which reads the last good documents from disk.
    if (child === "died" && !this.#isEnding)
      onEvent({
        type: "notice",
        level: "error",
        message: `varnishd starts a new child: ${message}`,
      });
  }

  /** Up to the first acknowledgement. */
  async #serve({ client, process }: Engine): Promise<void> {
    // The VMOD goes before the engine's own, which stay usable for the user's VCL.
    const installed = await client.parameter("vmod_path");
    await client.setParameter("vmod_path", `${this.#workspace.vmodFolder}:${installed}`);
    await this.#loader.load(client);
    await client.start();
    const answer = await this.#publisher.acknowledge();
    const sockets = await client.listenAddresses();
    this.#options.onEvent({
      type: "ready",
      listeners: sockets.filter(({ name }) => name !== controlListener),
      pid: process.pid,
      folder: this.#workspace.folder,
      answer,
      diagnostics: this.#start.verdict.diagnostics,
    });
  }

  /** Follows the source until the end is asked for. */
  async #follow(engine: Engine): Promise<ExitCode> {
    const { stop } = this.#options;
    const over = new AbortController();
    const follower = this.#follower();
    await watchSource(
      { location: this.#options.source, files: follower.files },
      follower.look,
      over.signal,
    );
    // The source may have changed between the first reading and the watch.
    follower.look();
    const sweeper = setInterval(() => void this.#sweep(), sweepInterval);
    const exited = engine.process.exited.then(describeExit);
    const failure = await Promise.race([exited, aborted(stop.drain)]);
    clearInterval(sweeper);
    over.abort();
    await follower.end();
    if (failure !== undefined) throw new EngineFailure(failure);
    return this.#drain(engine, exited);
  }

  #follower(): Follower {
    const { source: location, policy, onEvent } = this.#options;
    const { core, judged, verdict } = this.#start;
    const onPublished = ({ listeners }: GoodVerdict): void => {
      const message = unopenedListeners(verdict.listeners, listeners);
      if (message !== undefined) onEvent({ type: "notice", level: "warn", message });
    };
    return new Follower(
      { location, core, policy, publisher: this.#publisher, onEvent, onPublished },
      judged,
    );
  }

  async #sweep(): Promise<void> {
    await sweep(this.#workspace.controlSocket).catch((error: unknown) => {
      this.#options.onEvent({ type: "notice", level: "warn", message: String(error) });
    });
  }

  async #drain({ client }: Engine, exited: Promise<unknown>): Promise<ExitCode> {
    const { stop, onEvent } = this.#options;
    onEvent({
      type: "draining",
      message: "Starting connection draining, health check now failing",
    });
    const gone = new AbortController();
    void exited.then(() => gone.abort());
    // Clients that keep their connections are asked to close them; without it draining only takes longer.
    await this.#loader.load(client, { closing: true }).catch((error: unknown) => {
      onEvent({
        type: "notice",
        level: "warn",
        message: `Connections are not asked to close: ${String(error)}`,
      });
    });
    const now = AbortSignal.any([stop.now, gone.signal]);
    const isDrained = await drain({
      sessions: () => openSessions(this.#workspace.workDirectory),
      onEvent,
      now,
    });
    await client.stop().catch(() => undefined);
    onEvent({
      type: "stopped",
      message: isDrained ? "varnishd has stopped" : "varnishd was stopped with sessions open",
    });
    return isDrained ? 0 : 5;
  }
}

/** Sockets are opened once, when varnishd starts. */
function unopenedListeners(
  opened: readonly DocumentListener[],
  now: readonly DocumentListener[],
): string | undefined {
  const known = new Set(opened.map(({ port }) => port));
  const names = now.filter(({ port }) => !known.has(port)).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `listeners on new ports are opened at the next start: ${names.join(", ")}`;
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

function describeExit({ code, signal }: EngineExit): string {
  return `varnishd ended (${signal ?? `exit code ${code}`})`;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

/** Ends varnishd for good, whatever state it is in. */
async function end({ process, client }: Engine): Promise<void> {
  client.close();
  process.kill("SIGTERM");
  const timer = setTimeout(() => process.kill("SIGKILL"), endTimeout);
  await process.exited;
  clearTimeout(timer);
}
