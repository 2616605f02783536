// One container of a pod through all its restarts: prepared, started, probed, ended, started again or not.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerSpec, ContainerState, ContainerStatus, Probe } from "../api/objects.ts";
import type { ActionTarget } from "./actions.ts";
import { perform } from "./actions.ts";
import { BackOff } from "./back-off.ts";
import { bundleOf, processOf, type BundleParts, type Mount } from "./bundle.ts";
import { hostnameOf } from "./container-files.ts";
import type { ContainerLog } from "./kubelet-server.ts";
import type { NodeContext } from "./context.ts";
import { environmentOf } from "./environment.ts";
import type { PodFacts } from "./fields.ts";
import { UnknownImage } from "./image.ts";
import { watchProbe } from "./probe.ts";
import {
  execute,
  mountRoot,
  startContainer,
  unmountRoot,
  type ExecResult,
  type Exit,
  type RunningContainer,
} from "./runtime.ts";
import { MissingReference } from "./stores.ts";
import { UnusableConfiguration, userOf } from "./user.ts";

export type RestartRule = "Always" | "OnFailure" | "Never";

/** What the container needs from its pod. */
export interface PodParts {
  readonly facts: () => PodFacts;
  readonly files: readonly Mount[];
  readonly volumePath: (name: string) => string;
  /** Nothing for a pod that shares the node's network. */
  readonly networkNamespace: string | undefined;
  readonly folder: string;
  readonly logFolder: string;
  readonly graceSeconds: number;
}

/** How long to wait before something that is missing is looked for again. */
const retryMs = 300;
const startPollMs = 20;
const terminationLog = "/dev/termination-log";
const longestMessage = 4096;

function errorReason(error: unknown): string {
  if (error instanceof UnknownImage) return "ErrImagePull";
  if (error instanceof MissingReference || error instanceof UnusableConfiguration) {
    return "CreateContainerConfigError";
  }
  return "RunContainerError";
}

export class Container {
  readonly spec: ContainerSpec;
  readonly #context: NodeContext;
  readonly #pod: PodParts;
  readonly #rule: RestartRule;
  readonly #changed: () => void;
  readonly #backOff: BackOff;
  /** Fires when the container is not to be started again. */
  readonly #stop = new AbortController();
  #running: RunningContainer | undefined;
  #life: Promise<Exit | undefined> | undefined;
  #parts: BundleParts | undefined;
  #state: ContainerState;
  #lastState: ContainerState = {};
  #restarts = 0;
  #imageId = "";
  #id: string | undefined;
  #isStarted = false;
  #isReady = false;

  constructor(
    context: NodeContext,
    pod: PodParts,
    spec: ContainerSpec,
    rule: RestartRule,
    waitingFor: "PodInitializing" | "ContainerCreating",
    changed: () => void,
  ) {
    this.spec = spec;
    this.#context = context;
    this.#pod = pod;
    this.#rule = rule;
    this.#changed = changed;
    this.#backOff = new BackOff(context.restartDelayMs);
    this.#state = { waiting: { reason: waitingFor } };
  }

  get status(): ContainerStatus {
    return {
      name: this.spec.name,
      image: this.spec.image,
      imageID: this.#imageId,
      ...(this.#id === undefined ? {} : { containerID: `crun://${this.#id}` }),
      ready: this.#isReady,
      started: this.#isStarted,
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#lastState,
    };
  }

  /** The log of this run or, with `previous`, of the one before. */
  log(previous: boolean): ContainerLog {
    const run = this.#restarts - (previous ? 1 : 0);
    return {
      path: this.#logPath(run),
      isWritten: () => this.#running !== undefined && this.#restarts === run,
    };
  }

  /** Runs it until it is not to be started again; nothing when it never came to run. */
  async run(): Promise<Exit | undefined> {
    this.#life = this.#live();
    return await this.#life;
  }

  async #live(): Promise<Exit | undefined> {
    for (;;) {
      const running = await this.#untilRunning();
      if (!running) return undefined;
      const began = Date.now();
      const probes = new AbortController();
      void this.#afterStart(probes.signal);
      const exit = await running.ended;
      probes.abort();
      await this.#ended(running.id, exit, began);
      const mayRestart = this.#rule === "Always" || (this.#rule === "OnFailure" && exit.code !== 0);
      if (this.#stop.signal.aborted || !mayRestart) return exit;
      const pause = this.#backOff.next(Date.now() - began);
      if (pause > 0) await this.#waitBackOff(pause);
      if (this.#stop.signal.aborted) return exit;
      this.#restarts += 1;
    }
  }

  /** Ends it for good: the hook, the signal, and after the grace period the kill. */
  async terminate(graceMs: number): Promise<void> {
    this.#stop.abort();
    await this.#end(graceMs);
    // Until what it wrote is unmounted and its log is whole.
    await this.#life?.catch(() => undefined);
  }

  /** Resolves when its start-up is over (its probe, when it has one, has succeeded). */
  async untilStarted(signal: AbortSignal): Promise<void> {
    while (!this.#isStarted && !signal.aborted) {
      await sleep(startPollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async execute(command: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    if (!this.#running || !this.#parts)
      throw new Error(`container "${this.spec.name}" is not running`);
    const process = processOf(this.#parts, command);
    return await execute(this.#running.id, process, this.#folder, signal);
  }

  #logPath(run: number): string {
    return `${this.#pod.logFolder}/${this.spec.name}/${run}.log`;
  }

  get #folder(): string {
    return `${this.#pod.folder}/containers/${this.spec.name}`;
  }

  get #target(): ActionTarget {
    return {
      address: this.#pod.facts().address,
      container: this.spec,
      execute: async (command, signal) => await this.execute(command, signal),
    };
  }

  #set(state: ContainerState): void {
    this.#state = state;
    this.#changed();
  }

  #warn(reason: string, message: string): void {
    this.#context.events.warn(this.#pod.facts().pod, "Pod", reason, message);
  }

  async #untilRunning(): Promise<RunningContainer | undefined> {
    let said = "";
    while (!this.#stop.signal.aborted) {
      try {
        return await this.#start();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== said) {
          said = message;
          this.#warn("Failed", message);
          this.#set({ waiting: { reason: errorReason(error), message } });
        }
        await sleep(retryMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #start(): Promise<RunningContainer> {
    const { images, stores, apiServer } = this.#context;
    const facts = this.#pod.facts();
    const image = await images.find(this.spec.image);
    const user = await userOf(facts.pod, this.spec, image);
    const environment = environmentOf({ facts, stores, apiServer }, this.spec, image.environment);
    const folder = this.#folder;
    await unmountRoot(folder);
    const root = await mountRoot(folder, image.root);
    await writeFile(`${folder}/termination`, "", { mode: 0o666 });
    const message: Mount = {
      destination: this.spec.terminationMessagePath ?? terminationLog,
      type: "bind",
      source: `${folder}/termination`,
      options: ["bind", "rw"],
    };
    this.#parts = {
      pod: facts.pod,
      container: this.spec,
      image,
      root,
      user,
      environment,
      hostname: hostnameOf(facts.pod),
      files: [...this.#pod.files, message],
      volumePath: this.#pod.volumePath,
      ...(this.#pod.networkNamespace === undefined
        ? {}
        : { networkNamespace: this.#pod.networkNamespace }),
    };
    const id = `${facts.pod.metadata.uid}-${this.spec.name}-${this.#restarts}`;
    await mkdir(`${this.#pod.logFolder}/${this.spec.name}`, { recursive: true });
    const running = await startContainer(
      id,
      folder,
      bundleOf(this.#parts),
      this.#logPath(this.#restarts),
    );
    this.#running = running;
    this.#id = id;
    this.#imageId = image.id;
    this.#isStarted = this.spec.startupProbe === undefined;
    this.#isReady = this.#isStarted && this.spec.readinessProbe === undefined;
    this.#set({ running: { startedAt: new Date().toISOString() } });
    // Asked to end while it was being started: nobody else will tell it.
    if (this.#stop.signal.aborted) await running.kill("SIGKILL");
    return running;
  }

  async #afterStart(signal: AbortSignal): Promise<void> {
    const { lifecycle, startupProbe } = this.spec;
    if (lifecycle?.postStart) {
      try {
        await perform(lifecycle.postStart, this.#target, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#warn("FailedPostStartHook", String(error));
        await this.#end(this.#pod.graceSeconds * 1000);
        return;
      }
    }
    if (!startupProbe) {
      this.#probeLife(signal);
      return;
    }
    const done = new AbortController();
    const listener = {
      succeeded: () => {
        done.abort();
        this.#isStarted = true;
        this.#isReady = this.spec.readinessProbe === undefined;
        this.#changed();
        this.#probeLife(signal);
      },
      failed: () => void this.#fail("startup", startupProbe),
      complained: (message: string) => this.#complain("Startup", message),
    };
    await watchProbe(startupProbe, this.#target, listener, AbortSignal.any([signal, done.signal]));
  }

  #probeLife(signal: AbortSignal): void {
    const { livenessProbe, readinessProbe } = this.spec;
    if (livenessProbe) {
      const listener = {
        succeeded: () => undefined,
        failed: () => void this.#fail("liveness", livenessProbe),
        complained: (message: string) => this.#complain("Liveness", message),
      };
      void watchProbe(livenessProbe, this.#target, listener, signal);
    }
    if (readinessProbe) {
      const listener = {
        succeeded: () => this.#setReady(true),
        failed: () => this.#setReady(false),
        complained: (message: string) => this.#complain("Readiness", message),
      };
      void watchProbe(readinessProbe, this.#target, listener, signal);
    }
  }

  #complain(probe: string, message: string): void {
    this.#warn("Unhealthy", `${probe} probe of container "${this.spec.name}" failed: ${message}`);
  }

  #setReady(isReady: boolean): void {
    if (this.#isReady === isReady) return;
    this.#isReady = isReady;
    this.#changed();
  }

  async #fail(kind: string, probe: Probe): Promise<void> {
    const message = `Container ${this.spec.name} failed ${kind} probe, will be restarted`;
    this.#context.events.note(this.#pod.facts().pod, "Pod", "Killing", message);
    const seconds = probe.terminationGracePeriodSeconds ?? this.#pod.graceSeconds;
    await this.#end(seconds * 1000);
  }

  /** The hook's time is part of the grace period, as the API says. */
  async #end(graceMs: number): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const grace = AbortSignal.timeout(graceMs);
    const ended = running.ended.catch(() => undefined);
    const { preStop } = this.spec.lifecycle ?? {};
    if (preStop && graceMs > 0) {
      await perform(preStop, this.#target, grace).catch((error: unknown) => {
        this.#warn("FailedPreStopHook", String(error));
      });
    }
    if (graceMs > 0) await running.kill(this.#parts?.image.stopSignal ?? "SIGTERM");
    const kill = () => void running.kill("SIGKILL").catch(() => undefined);
    if (grace.aborted || graceMs === 0) kill();
    else grace.addEventListener("abort", kill, { once: true });
    await ended;
    grace.removeEventListener("abort", kill);
  }

  async #ended(id: string, exit: Exit, began: number): Promise<void> {
    const file = `${this.#folder}/termination`;
    const message = (await readFile(file, "utf8").catch(() => "")).slice(0, longestMessage);
    const terminated = {
      exitCode: exit.code,
      ...(exit.signal === undefined ? {} : { signal: exit.signal }),
      reason: exit.code === 0 ? "Completed" : "Error",
      ...(message === "" ? {} : { message }),
      startedAt: this.#state.running?.startedAt ?? new Date(began).toISOString(),
      finishedAt: new Date().toISOString(),
      containerID: `crun://${id}`,
    };
    this.#running = undefined;
    this.#isStarted = false;
    this.#isReady = false;
    this.#lastState = this.#restarts > 0 || this.#rule === "Always" ? { terminated } : {};
    await unmountRoot(this.#folder);
    this.#set({ terminated });
  }

  async #waitBackOff(pause: number): Promise<void> {
    const message = `back-off ${pause} ms restarting container "${this.spec.name}"`;
    this.#warn("BackOff", message);
    this.#set({ waiting: { reason: "CrashLoopBackOff", message } });
    await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
