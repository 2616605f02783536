// A pod on this node, from its binding to its removal.

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isApiError } from "../api/client.ts";
import { keyOf, type ContainerSpec, type Pod } from "../api/objects.ts";
import type { PodNetwork } from "../network/node-network.ts";
import type { FilesContext } from "../volumes/files.ts";
import { PodVolumes } from "../volumes/pod-volumes.ts";
import { PodTokens } from "../volumes/tokens.ts";
import type { Mount } from "./bundle.ts";
import { Container, type PodParts, type RestartRule } from "./container.ts";
import { writePodFiles } from "./container-files.ts";
import type { NodeContext } from "./context.ts";
import type { PodPicture, Phase } from "./pod-status.ts";
import { StatusWriter } from "./status-writer.ts";

const defaultGraceSeconds = 30;
/** How long before a pod that waits for its volumes looks again, should no change of a Secret have told it. */
const retryMs = 1000;

export class PodOnNode {
  readonly #context: NodeContext;
  readonly #folder: string;
  readonly #logFolder: string;
  readonly #volumes: PodVolumes;
  readonly #tokens: PodTokens;
  readonly #status: StatusWriter;
  readonly #startTime = new Date().toISOString();
  /** Fires when the pod is to end. */
  readonly #stop = new AbortController();
  readonly #life: Promise<void>;
  #pod: Pod;
  #network: PodNetwork | undefined;
  #files: Mount[] = [];
  #initContainers: Container[] = [];
  #containers: Container[] = [];
  #phase: Phase = "Pending";
  #isInitialized = false;
  #hasVolumes = false;
  #graceSeconds = defaultGraceSeconds;
  #termination: Promise<void> | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(context: NodeContext, pod: Pod) {
    const { uid, name, namespace } = pod.metadata;
    this.#context = context;
    this.#pod = pod;
    this.#folder = `${context.folder}/pods/${uid}`;
    this.#logFolder = `${context.logFolder}/${namespace}_${name}_${uid}`;
    const group = pod.spec.securityContext?.fsGroup;
    this.#volumes = new PodVolumes(`${this.#folder}/volumes`, pod.spec.volumes ?? [], group);
    this.#tokens = new PodTokens(context.client, pod);
    this.#status = new StatusWriter(context.client, () => this.#picture());
    this.#makeContainers();
    this.#life = this.#live();
  }

  get key(): string {
    return keyOf(this.#pod);
  }

  container(name: string): Container | undefined {
    return [...this.#containers, ...this.#initContainers].find(({ spec }) => spec.name === name);
  }

  /** The API server's newest version of the pod: labels, readiness gates, the wish to end. */
  update(pod: Pod): void {
    this.#pod = pod;
    const { deletionTimestamp, deletionGracePeriodSeconds = defaultGraceSeconds } = pod.metadata;
    if (deletionTimestamp === undefined) {
      this.#status.changed();
      this.refreshVolumes();
      return;
    }
    const isHurried = this.#termination && deletionGracePeriodSeconds < this.#graceSeconds;
    this.#graceSeconds = deletionGracePeriodSeconds;
    if (isHurried) void this.#endContainers(deletionGracePeriodSeconds * 1000);
    this.#termination ??= this.#terminate(true);
  }

  /** The object is gone (a forced deletion) or the node stops: everything ends now. */
  async abandon(): Promise<void> {
    this.#graceSeconds = 0;
    if (this.#termination) await this.#endContainers(0);
    this.#termination ??= this.#terminate(false);
    await this.#termination;
  }

  /** Secrets, ConfigMaps or the pod itself may have changed. One refresh at a time; what fails is tried again later. */
  refreshVolumes(): void {
    this.#wake();
    if (this.#stop.signal.aborted || !this.#hasVolumes) return;
    this.#refreshing = this.#refreshing.then(async () => {
      if (this.#stop.signal.aborted) return;
      try {
        await this.#volumes.refresh(this.#filesContext);
      } catch (error) {
        // As with kubelet, files that were there stay when their source goes away.
        this.#context.events.warn(this.#pod, "Pod", "FailedMount", String(error));
      }
    });
  }

  get #filesContext(): FilesContext {
    return {
      facts: this.#facts(),
      stores: this.#context.stores,
      token: async (audience, seconds) => await this.#tokens.get(audience, seconds),
    };
  }

  #facts(): FilesContext["facts"] {
    const { node } = this.#context;
    return { pod: this.#pod, node, address: this.#address ?? "" };
  }

  get #address(): string | undefined {
    if (this.#pod.spec.hostNetwork === true) return this.#context.node.address;
    return this.#network?.address;
  }

  #picture(): PodPicture {
    return {
      pod: this.#pod,
      node: this.#context.node,
      address: this.#address,
      startTime: this.#startTime,
      phase: this.#phase,
      isInitialized: this.#isInitialized,
      initContainers: this.#initContainers.map(({ status }) => status),
      containers: this.#containers.map(({ status }) => status),
    };
  }

  #makeContainers(): void {
    const { initContainers = [], containers, restartPolicy = "Always" } = this.#pod.spec;
    const waitingFor = initContainers.length > 0 ? "PodInitializing" : "ContainerCreating";
    const make = (spec: ContainerSpec, rule: RestartRule) =>
      new Container(this.#context, this.#parts(), spec, rule, waitingFor, () => this.#noteChange());
    this.#initContainers = initContainers.map((spec) => {
      const rule = restartPolicy === "Never" ? "Never" : "OnFailure";
      return make(spec, spec.restartPolicy === "Always" ? "Always" : rule);
    });
    this.#containers = containers.map((spec) => make(spec, restartPolicy));
  }

  #parts(): PodParts {
    const network = () => this.#network;
    const files = () => this.#files;
    const isOnHost = this.#pod.spec.hostNetwork === true;
    return {
      facts: () => this.#facts(),
      // Known once the pod has its network, which is before any container starts.
      get files() {
        return files();
      },
      get networkNamespace() {
        return isOnHost ? undefined : network()?.namespace;
      },
      volumePath: (name) => this.#volumes.path(name),
      folder: this.#folder,
      logFolder: this.#logFolder,
      graceSeconds: this.#pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds,
    };
  }

  #noteChange(): void {
    const isRunning = this.#containers.some(({ status }) => status.state.running !== undefined);
    if (this.#phase === "Pending" && isRunning) this.#phase = "Running";
    this.#status.changed();
  }

  async #live(): Promise<void> {
    try {
      this.#status.changed();
      await this.#prepare();
      const isGood = await this.#initialize();
      if (this.#stop.signal.aborted) return;
      this.#isInitialized = isGood;
      const exits = isGood
        ? await Promise.all(this.#containers.map(async (container) => await container.run()))
        : [];
      if (this.#stop.signal.aborted) return;
      await this.#endContainers(this.#graceSeconds * 1000);
      this.#phase = isGood && exits.every((exit) => exit?.code === 0) ? "Succeeded" : "Failed";
      this.#status.changed();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#context.events.warn(this.#pod, "Pod", "FailedCreatePodSandBox", String(error));
      this.#phase = "Failed";
      this.#status.changed();
    }
  }

  /** Network and volumes: waits for Secrets and ConfigMaps that are not there yet. */
  async #prepare(): Promise<void> {
    this.#network = await this.#context.networks.add();
    const address = this.#address ?? "";
    const files = `${this.#folder}/files`;
    this.#files = await writePodFiles(files, this.#pod, address, this.#context.node.address);
    this.#status.changed();
    let said = "";
    while (!this.#stop.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      try {
        await this.#volumes.refresh(this.#filesContext);
        this.#hasVolumes = true;
        void this.#keepTokens();
        return;
      } catch (error) {
        const message = String(error);
        if (message !== said) this.#context.events.warn(this.#pod, "Pod", "FailedMount", message);
        said = message;
      }
      await Promise.race([woken, sleep(retryMs, undefined, { ref: false })]);
    }
  }

  async #keepTokens(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted && this.#tokens.renewAt !== undefined) {
      const pause = Math.max(this.#tokens.renewAt - Date.now(), retryMs);
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
      this.refreshVolumes();
      await this.#refreshing;
    }
  }

  /** Each init container to its end; one that restarts always is a companion, which only has to have started. */
  async #initialize(): Promise<boolean> {
    for (const container of this.#initContainers) {
      if (container.spec.restartPolicy === "Always") {
        container.run().catch((error: unknown) => {
          this.#context.events.warn(this.#pod, "Pod", "Failed", String(error));
        });
        await container.untilStarted(this.#stop.signal);
      } else {
        const exit = await container.run();
        if (exit?.code !== 0) return false;
      }
    }
    return true;
  }

  async #endContainers(graceMs: number): Promise<void> {
    await Promise.all(
      this.#containers.map(async (container) => await container.terminate(graceMs)),
    );
    // Companions outlive what they accompany, and end in the reverse of their order.
    for (const container of this.#initContainers.toReversed()) await container.terminate(graceMs);
  }

  async #terminate(isAnnounced: boolean): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#endContainers(this.#graceSeconds * 1000);
    await this.#life;
    // A container that was just being started has seen the end by now, or is ended here.
    await this.#endContainers(0);
    await this.#refreshing;
    await this.#volumes.remove();
    if (this.#network) await this.#context.networks.remove(this.#network);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
    if (!isAnnounced) return;
    this.#status.changed();
    await this.#status.flushed();
    await this.#deleteObject();
  }

  async #deleteObject(): Promise<void> {
    const { name, namespace, uid } = this.#pod.metadata;
    for (;;) {
      try {
        const body = { gracePeriodSeconds: 0, preconditions: { uid } };
        await this.#context.client.call("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`, {
          body,
        });
        return;
      } catch (error) {
        if (isApiError(error, 404) || isApiError(error, 409)) return;
        await sleep(retryMs, undefined, { ref: false });
      }
    }
  }
}
