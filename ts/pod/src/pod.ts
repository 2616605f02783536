/** One Pod's chaperone: serves what is delivered to its Gateway, and says on its Pod what it serves. */

import { loadCore } from "@ghost-gateway/core";
import { runChaperone } from "@ghost-gateway/chaperone";
import type {
  ChaperoneOptions,
  ExitCode,
  ListenOption,
  OnEvent,
  Reading,
} from "@ghost-gateway/chaperone";
import type { Clock, Connection } from "@ghost-gateway/kubernetes";
import { Acknowledgements } from "./acknowledge.js";
import { deliverySource } from "./delivery-source.js";
import type { DeliveryPlace } from "./delivery-source.js";

export interface PodOptions extends Omit<ChaperoneOptions, "source" | "policy" | "listen"> {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly place: DeliveryPlace;
  readonly pod: { readonly namespace: string; readonly name: string };
  /** What the engine's listeners bind to; the Pod's own address, or all. */
  readonly bind: string;
}

/** Runs until it is asked to stop or the engine fails. */
export async function runPod(options: PodOptions, signal: AbortSignal): Promise<ExitCode> {
  const { connection, clock, place, pod, bind, onEvent, ...chaperone } = options;
  const onProblem = (message: string): void => onEvent({ type: "notice", level: "warn", message });
  const source = deliverySource({ connection, place, clock, onProblem });
  const acknowledgements = new Acknowledgements({ connection, pod, clock, onProblem });
  // The first documents say which sockets to open. The chaperone then calls again, and gets the watch that stands.
  const watch = shared(source.watch);
  const hasDocuments = watch(() => undefined, signal).then(() => true);
  // They may never come: who is asked to stop meanwhile has nothing to drain.
  if (!(await Promise.race([hasDocuments, ended(chaperone.stop.drain)]))) return 0;
  const listen = listenOn(await source.read(), bind);
  const withAcknowledgement: OnEvent = (event) => {
    onEvent(event);
    const generation = source.generation();
    const isServed = event.type === "ready" || event.type === "reloaded";
    if (isServed && generation !== undefined) acknowledgements.tell(generation, signal);
  };
  return runChaperone({
    ...chaperone,
    source: { ...source, watch },
    // Routes come from many hands: one that is broken must not hold up the others.
    policy: "quarantine",
    listen,
    onEvent: withAcknowledgement,
  });
}

async function ended(signal: AbortSignal): Promise<false> {
  const { promise, resolve } = Promise.withResolvers<false>();
  signal.addEventListener("abort", () => resolve(false), { once: true });
  if (signal.aborted) resolve(false);
  return promise;
}

type Watch = ReturnType<typeof deliverySource>["watch"];

/** One watch, however many want to hear of changes. */
function shared(watch: Watch): Watch {
  const heard = new Set<() => void>();
  let standing: Promise<void> | undefined;
  return async (onChange, signal) => {
    heard.add(onChange);
    standing ??= watch(() => {
      for (const hear of heard) hear();
    }, signal);
    await standing;
  };
}

/** A socket for each port, on which clients see it: a Service passes ports on unchanged. */
function listenOn({ documents }: Reading, bind: string): readonly ListenOption[] {
  if (documents === null) return [];
  const { table } = loadCore().compile(documents);
  const listeners = table?.listeners ?? [];
  const byPort = new Map(listeners.map(({ name, port }) => [port, name]));
  return [...byPort].map(([port, name]) => ({ name, address: `${bind}:${port}` }));
}
