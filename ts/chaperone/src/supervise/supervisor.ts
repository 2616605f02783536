/** Keeps one engine serving: starts or takes over, follows the source, starts again after an end, drains. */

import { join } from "node:path";
import type { Core } from "@ghost-gateway/core";
import type { Generations } from "../apply/generations.js";
import type { LiveDocuments } from "../apply/live.js";
import type { Publisher } from "../apply/publisher.js";
import { selfCheck } from "../apply/selfcheck.js";
import type { ReloadAnswer } from "../apply/answer.js";
import type { EngineListener } from "../engine/listeners.js";
import { EngineFailure, forgetEngine, launchEngine, takeOverEngine } from "../engine/launch.js";
import type { Engine, LaunchOptions } from "../engine/launch.js";
import { readLogLine } from "../engine/log.js";
import { controlListener } from "../engine/arguments.js";
import { listenerOf } from "../engine/names.js";
import type { Workspace } from "../engine/workspace.js";
import type { ExitCode } from "../events.js";
import { Follower } from "../follow.js";
import type { RollbackAnswer } from "../follow.js";
import { writeAccessLog } from "../observe/accesslog.js";
import type { Board } from "../observe/board.js";
import type { StatsCollector } from "../observe/varnishstat.js";
import type { ChaperoneOptions } from "../options.js";
import { watchSource } from "../sources/watch.js";
import { VclLoader, VclRefused } from "../vcl/load.js";
import type { ListenAddress } from "../admin/replies.js";
import { afterEnd, afterFailure, noEnds, pauseOf } from "./backoff.js";
import type { Backoff } from "./backoff.js";
import { drainEngine, endEngine } from "./end.js";
import { unopenedListeners } from "./listening.js";
import { pinned } from "./listening.js";
import { aborted, pause } from "./signals.js";
import type { Beginning } from "./start.js";
import { Surroundings } from "./surroundings.js";
import { watchEngine } from "./watchdog.js";

export interface SupervisorParts {
  readonly options: ChaperoneOptions & { readonly core: Core };
  readonly workspace: Workspace;
  readonly generations: Generations;
  readonly beginning: Beginning;
  readonly board: Board;
  readonly publisher: Publisher;
  readonly live: LiveDocuments;
  readonly stats: StatsCollector;
}

/** Starts in a row that may fail before the program gives up and leaves it to whoever started it. */
const mostFailures = 10;

export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #loader: VclLoader;
  readonly #follower: Follower;
  readonly #surroundings: Surroundings;
  readonly #draining = new AbortController();
  /** Either the signals or an order. */
  readonly #drain: AbortSignal;
  #listeners: readonly EngineListener[];
  #engine: Engine | undefined;
  #vclWork: Promise<void> = Promise.resolve();
  /** From when on varnishd's complaints about its end are expected. */
  #isEnding = false;

  constructor(parts: SupervisorParts) {
    const { options, workspace, beginning } = parts;
    this.#parts = parts;
    this.#drain = AbortSignal.any([options.stop.drain, this.#draining.signal]);
    this.#listeners = beginning.listeners;
    const { vcl, vmod } = options;
    this.#loader = new VclLoader(workspace, {
      ghost: vmod.vcl,
      ...(vcl === undefined ? {} : { user: vcl }),
    });
    this.#follower = this.#makeFollower();
    this.#surroundings = new Surroundings({
      live: parts.live,
      board: parts.board,
      options,
      onEvent: options.onEvent,
      onChange: this.#follower.refresh,
    });
  }

  drain(): void {
    this.#draining.abort();
  }

  rollback(number: number | undefined): Promise<RollbackAnswer> {
    return this.#follower.rollback(number);
  }

  async run(): Promise<ExitCode> {
    const over = new AbortController();
    let endAccessLog = async (): Promise<void> => {};
    try {
      const first = await this.#begin();
      endAccessLog = this.#writeAccessLog();
      this.#parts.options.onReload?.(() => this.#reload());
      this.#surroundings.begin();
      await this.#watch(over.signal);
      return await this.#keep(first);
    } finally {
      this.#isEnding = true;
      over.abort();
      this.#surroundings.end();
      await this.#follower.end();
      await this.#vclWork;
      if (this.#engine !== undefined) await endEngine(this.#engine);
      await endAccessLog();
      await forgetEngine(this.#parts.workspace);
      this.#parts.board.became("stopped");
    }
  }

  /** Gives what ends it. */
  #writeAccessLog(): () => Promise<void> {
    const { options, workspace } = this.#parts;
    const { accessLog: file, varnishncsa: program } = options;
    if (file === undefined) return async () => {};
    return writeAccessLog({
      file,
      workDirectory: workspace.workDirectory,
      record: join(workspace.folder, "accesslog.json"),
      ...(program === undefined ? {} : { program }),
      onFailure: (message) => this.#notice("warn", message),
    });
  }

  /** The engine that was left behind, or a new one, up to the first acknowledgement. */
  async #begin(): Promise<Engine> {
    const { beginning, generations, publisher, workspace } = this.#parts;
    const { last, verdict } = beginning;
    const newest = generations.entries[0];
    const served = last?.contents ?? (newest && (await generations.contents(newest)));
    if (served !== undefined && newest !== undefined)
      await publisher.resume({ ...served, isCounted: newest.routes.isCounted });
    const adopted = served && (await takeOverEngine(this.#launchOptions()));
    if (adopted !== undefined) {
      this.#engine = adopted;
      await this.#serveOn(adopted);
      return adopted;
    }
    await forgetEngine(workspace);
    if (last === undefined) await publisher.prepare(verdict.documents, verdict.generation);
    const engine = await this.#launch();
    await this.#serve(engine);
    return engine;
  }

  async #launch(): Promise<Engine> {
    this.#loader.forget();
    const engine = await launchEngine(this.#launchOptions());
    this.#engine = engine;
    await this.#tellStarted(engine, false);
    return engine;
  }

  async #tellStarted({ process, client }: Engine, isAdopted: boolean): Promise<void> {
    const version = await client.version();
    const at = new Date().toISOString();
    this.#parts.board.engineStarted({ pid: process.identity.pid, version, isAdopted, at });
  }

  #launchOptions(): LaunchOptions {
    const { options, workspace, beginning } = this.#parts;
    const { varnishd = "varnishd", cacheSize = "256m", jail, extraArguments: extra } = options;
    return {
      varnishd,
      workspace,
      listeners: this.#listeners,
      asked: beginning.listeners,
      cacheSize,
      ...(jail === undefined ? {} : { jail }),
      ...(extra === undefined ? {} : { extra }),
      onLine: (line) => this.#tellLine(line),
    };
  }

  #tellLine(line: string): void {
    const { options, board } = this.#parts;
    const { level, message, child } = readLogLine(line);
    options.onEvent({ type: "engineLog", level: this.#isEnding ? "debug" : level, message });
    if (this.#isEnding) return;
    if (child === "started") board.childIs("running");
    if (child !== "died") return;
    board.childDied();
    // varnishd itself starts a new child, which reads the last good documents from disk.
    this.#notice("error", `varnishd starts a new child: ${message}`);
  }

  /** A new engine, up to the first acknowledgement. */
  async #serve(engine: Engine): Promise<void> {
    const { client } = engine;
    const { workspace, publisher } = this.#parts;
    // The VMOD goes before the engine's own, which stay usable for the user's VCL.
    const installed = await client.parameter("vmod_path");
    await client.setParameter("vmod_path", `${workspace.vmodFolder}:${installed}`);
    await this.#loadVcl(engine);
    await client.start();
    await this.#tellServing(engine, await publisher.acknowledge());
  }

  /** VCL that is broken now does not keep an engine from coming back with the one before. */
  async #loadVcl({ client }: Engine): Promise<void> {
    try {
      await this.#loader.load(client);
    } catch (error) {
      if (!(error instanceof VclRefused) || !(await this.#loader.loadLast(client))) throw error;
      this.#parts.board.vclRefused(error.message);
      this.#refuseVcl(error);
    }
    this.#tellVcl();
  }

  #tellVcl(): void {
    const { board, options } = this.#parts;
    board.vclLoaded(this.#loader.used ?? "", options.vcl ?? null);
  }

  /** An engine that serves: what has changed since is made good without an interruption. */
  async #serveOn(engine: Engine): Promise<void> {
    const { beginning, publisher } = this.#parts;
    await this.#tellStarted(engine, true);
    this.#notice("info", `varnishd with process id ${engine.process.identity.pid} is taken over`);
    if (!(await this.#loader.adopt(engine.client))) await this.#loadVcl(engine);
    else this.#tellVcl();
    const { last, verdict } = beginning;
    const answer =
      last === undefined
        ? await publisher.publish(verdict.documents, verdict.generation)
        : await publisher.acknowledge();
    if (!answer.ok) throw new EngineFailure(answer.findings.join("\n"));
    await this.#tellServing(engine, answer);
  }

  async #tellServing({ client, process }: Engine, answer: ReloadAnswer): Promise<void> {
    const { board, options, workspace, beginning } = this.#parts;
    const sockets = (await client.listenAddresses())
      .filter(({ name }) => name !== controlListener)
      .map((socket): ListenAddress => ({ ...socket, name: listenerOf(socket.name) }));
    this.#listeners = pinned(this.#listeners, sockets);
    board.listens(sockets);
    board.became("serving");
    await this.#follower.recordFirst(answer);
    options.onEvent({
      type: "ready",
      listeners: sockets,
      pid: process.identity.pid,
      folder: workspace.folder,
      answer,
      diagnostics: beginning.verdict.diagnostics,
    });
  }

  #makeFollower(): Follower {
    const { options, beginning, publisher, generations, board } = this.#parts;
    const { source, policy, onEvent, core } = options;
    const { judged, verdict } = beginning;
    return new Follower(
      {
        location: source.kind === "custom" ? source.read : source,
        core,
        policy,
        publisher,
        onEvent,
        generations,
        recorder: {
          ...board.recorder,
          applied: (entry, answer, took) => {
            board.applied(entry, answer, took);
            // A change of endpoints changes no decision that Ghost answers itself.
            if (answer.changed.includes("routes")) void this.#checkEngine();
          },
        },
        onPublished: ({ listeners }) => {
          const message = unopenedListeners(verdict.listeners, listeners);
          if (message !== undefined) this.#notice("warn", message);
        },
      },
      judged,
      verdict,
    );
  }

  /** After the acknowledgement, and beside whatever comes next: only the same documents can be compared. */
  async #checkEngine(): Promise<void> {
    const { options, publisher, board } = this.#parts;
    const { served } = publisher;
    if (served === undefined || this.#isEnding) return;
    const problems = await selfCheck(options.core, served, board.status.listeners);
    if (publisher.served !== served || this.#isEnding) return;
    for (const problem of problems) {
      board.metrics.disagreements.inc();
      this.#notice("error", `core and engine disagree: ${problem}`);
    }
  }

  /** Of the source and of the user's VCL. */
  async #watch(over: AbortSignal): Promise<void> {
    const { source, vcl } = this.#parts.options;
    const { look, files } = this.#follower;
    if (source.kind === "custom") await source.watch(look, over);
    else await watchSource({ location: source, files }, look, over);
    if (vcl !== undefined)
      await watchSource(
        { location: { kind: "document", file: vcl }, files: () => this.#loader.files },
        () => this.#lookAtVcl(),
        over,
      );
    // The source may have changed between the first reading and the watch.
    look();
  }

  /** Looks at everything again; resolves when that is done. */
  async #reload(): Promise<void> {
    this.#follower.look();
    if (this.#parts.options.vcl !== undefined) this.#lookAtVcl();
    await this.#follower.idle();
    await this.#vclWork;
  }

  #lookAtVcl(): void {
    this.#vclWork = this.#vclWork.then(() => this.#reloadVcl());
  }

  async #reloadVcl(): Promise<void> {
    const { board } = this.#parts;
    if (this.#engine === undefined || this.#isEnding) return;
    try {
      if (!(await this.#loader.reload(this.#engine.client))) return;
      this.#tellVcl();
      this.#notice("info", `the VCL ${String(this.#loader.used)} is in use`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      board.vclRefused(message);
      this.#refuseVcl(error);
    }
  }

  #refuseVcl(error: unknown): void {
    this.#parts.options.onEvent({
      type: "refused",
      by: "engine",
      message: error instanceof Error ? error.message : String(error),
      diagnostics: [],
      isServing: true,
    });
  }

  /** Until the end is asked for. */
  async #keep(first: Engine): Promise<ExitCode> {
    const { board, options, stats } = this.#parts;
    let engine = first;
    for (let backoff = noEnds; ;) {
      const since = performance.now();
      const { exited } = engine.process;
      const unwatch = this.#watchdog(engine);
      const exit = await Promise.race([exited, aborted(this.#drain)]);
      unwatch();
      if (exit === undefined) {
        this.#isEnding = true;
        return drainEngine({ engine, options, loader: this.#loader, board, stats });
      }
      engine.close();
      this.#engine = undefined;
      board.became("restarting");
      this.#notice("error", `varnishd ended (${exit.signal ?? `exit code ${String(exit.code)}`})`);
      const next = await this.#startAgain(afterEnd(backoff, performance.now() - since));
      if (next === undefined) return 0;
      ({ engine, backoff } = next);
    }
  }

  /** Undefined where the end is asked for first. */
  async #startAgain(begin: Backoff): Promise<{ engine: Engine; backoff: Backoff } | undefined> {
    for (let backoff = begin; ; backoff = afterFailure(backoff)) {
      await pause(pauseOf(backoff), this.#drain);
      if (this.#drain.aborted) return undefined;
      try {
        const engine = await this.#launch();
        await this.#serve(engine);
        return { engine, backoff };
      } catch (error) {
        if (this.#engine !== undefined) await endEngine(this.#engine);
        this.#engine = undefined;
        const message = error instanceof Error ? error.message : String(error);
        if (backoff.failures >= mostFailures) throw new EngineFailure(message, { cause: error });
        this.#notice("error", `varnishd cannot be started again: ${message}`);
      }
    }
  }

  #watchdog({ client }: Engine): () => void {
    const { board, workspace } = this.#parts;
    return watchEngine({
      client,
      loader: this.#loader,
      controlSocket: workspace.controlSocket,
      onChild: (state) => board.childIs(state),
      notice: (level, message) => this.#notice(level, message),
    });
  }

  #notice(level: "info" | "warn" | "error", message: string): void {
    this.#parts.options.onEvent({ type: "notice", level, message });
  }
}
