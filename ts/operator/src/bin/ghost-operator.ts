#!/usr/bin/env node
/** Entry of ghost-operator: leads when it may, works while it leads, tells how it does. */

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { Connection, leadOnce, systemClock } from "@ghost-gateway/kubernetes";
import type { ReflectorState } from "@ghost-gateway/kubernetes";
import { pino } from "pino";
import type { Logger } from "pino";
import { OperatorMetrics } from "../observe/metrics.js";
import { readAddress, serve } from "../observe/server.js";
import type { Address } from "../observe/server.js";
import { operate } from "../reconcile/operator.js";
import type { OperatorEvent } from "../reconcile/operator.js";

const help = `Examples:
  # In a cluster, as deploy/ and charts/ghost start it
  $ ghost-operator --image registry.example/ghost/varnish:1.0.0 --edge-image registry.example/ghost/edge:1.0.0
  # From a terminal, with the kubeconfig of kubectl
  $ ghost-operator --kubeconfig ~/.kube/config --namespace ghost-system --image ghost/varnish:dev --edge-image ghost/edge:dev

Options:
  --image IMAGE            chaperone and engine, for Gateways whose class names none
  --edge-image IMAGE       ghost-edge, likewise
  --controller-name NAME   GatewayClasses with this name are ours; ghost-gateway.io/controller by default
  --namespace NAMESPACE    where the lease lies; that of the Pod or context by default
  --health ADDRESS:PORT    serves /healthz and /readyz; 127.0.0.1:9181 by default
  --metrics ADDRESS:PORT   serves /metrics; 127.0.0.1:9090 by default
  --kubeconfig FILE        how to reach the API server; as kubectl finds it by default
  --log-level LEVEL        debug, info, warn or error; info by default

Exit codes: 0 fine, 1 the lease was lost or the API server cannot be reached, 2 usage.
`;

const leaseName = "ghost-operator";

interface Settings {
  readonly image: string;
  readonly edgeImage: string;
  readonly controllerName: string | undefined;
  readonly namespace: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly health: Address;
  readonly metrics: Address;
  readonly logLevel: string;
}

class UsageError extends Error {}

/** Throws a UsageError. */
function readWords(words: readonly string[]): Settings | "help" {
  const values = parsed(words);
  if (values.help === true) return "help";
  const { image, "edge-image": edgeImage } = values;
  if (image === undefined || edgeImage === undefined)
    throw new UsageError("--image and --edge-image say what Pods are made of");
  return {
    image,
    edgeImage,
    controllerName: values["controller-name"],
    namespace: values.namespace,
    kubeconfig: values.kubeconfig,
    health: addressOf("--health", values.health),
    metrics: addressOf("--metrics", values.metrics),
    logLevel: values["log-level"],
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        image: { type: "string" },
        "edge-image": { type: "string" },
        "controller-name": { type: "string" },
        namespace: { type: "string" },
        health: { type: "string", default: "127.0.0.1:9181" },
        metrics: { type: "string", default: "127.0.0.1:9090" },
        kubeconfig: { type: "string" },
        "log-level": { type: "string", default: "info" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function addressOf(option: string, text: string): Address {
  const address = readAddress(text);
  if (address === undefined) throw new UsageError(`${option} ${text}: write [ADDRESS:]PORT`);
  return address;
}

async function run(settings: Settings): Promise<number> {
  const log = pino({
    base: null,
    level: settings.logLevel,
    formatters: { level: (label) => ({ level: label }) },
  });
  const { kubeconfig, controllerName, image, edgeImage } = settings;
  const connection = Connection.open({ kubeconfig });
  const clock = systemClock;
  const metrics = new OperatorMetrics();
  const servers = [
    await serve(settings.health, { "/healthz": well, "/readyz": well }),
    await serve(settings.metrics, {
      "/metrics": async () => ({ status: 200, body: await metrics.text() }),
    }),
  ];
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  let holder = "";
  const { isLost } = await leadOnce(
    {
      connection,
      namespace: settings.namespace ?? connection.namespace,
      name: leaseName,
      identity: `${hostname()}-${randomUUID()}`,
      clock,
      onFollow: (name) => {
        if (name !== holder)
          log.info({ event: "following", holder: (holder = name) }, "another operator leads");
      },
      onError: (error) => log.warn({ event: "lease" }, error.message),
    },
    async ({ fencing, signal }) => {
      log.info({ event: "leading", fencing }, "this operator leads");
      metrics.leads(true);
      const onEvent = (event: OperatorEvent): void => {
        metrics.take(event);
        tell(log, event);
      };
      const dataPlane = { image, edgeImage };
      const name = controllerName === undefined ? {} : { controllerName };
      await operate({ connection, clock, dataPlane, fencing, onEvent, ...name }, signal);
      metrics.leads(false);
    },
    stop.signal,
  );
  for (const server of servers) server.close();
  if (isLost) log.error({ event: "lost" }, "the lease was lost; a new start knows nothing stale");
  return isLost ? 1 : 0;
}

async function well(): Promise<{ status: number; body: string }> {
  return { status: 200, body: "ok\n" };
}

function tell(log: Logger, event: OperatorEvent): void {
  if (event.type === "reconciled") {
    const { changes, statusWrites, tookMs } = event;
    log.debug({ event: "reconciled", changes, statusWrites, tookMs }, "reconciled");
  } else if (event.type === "failed") {
    log.warn({ event: "failed", retryMs: event.retryMs }, messageOf(event.error));
  } else {
    tellWatch(log, event.resource, event.state);
  }
}

function tellWatch(log: Logger, resource: string, state: ReflectorState): void {
  if (state.phase === "waiting")
    log.warn({ event: "watch", resource, retryMs: state.milliseconds }, state.error.message);
  else log.debug({ event: "watch", resource, phase: state.phase }, state.phase);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const settings = readWords(process.argv.slice(2));
  if (settings === "help") process.stdout.write(help);
  else process.exit(await run(settings));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(
    `error: ${messageOf(error)}\n${isUsage ? "ghost-operator --help shows examples\n" : ""}`,
  );
  process.exitCode = isUsage ? 2 : 1;
}
