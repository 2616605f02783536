#!/usr/bin/env node
/** Entry of ghost-pod: the chaperone with what is delivered to a Gateway as its source. */

import { parseArgs } from "node:util";
import {
  eventLog,
  extraArguments,
  findVmod,
  parseTcpAddress,
  stopOnSignals,
} from "@ghost-gateway/chaperone";
import type { ExitCode } from "@ghost-gateway/chaperone";
import { Connection, systemClock } from "@ghost-gateway/kubernetes";
import { runEdgePod } from "../edge/edge-pod.js";
import type { EdgePodEvent } from "../edge/edge-pod.js";
import { runPod } from "../pod.js";
import type { PodOptions } from "../pod.js";

const help = `Examples:
  # As an operator starts it in a Gateway's Pod
  $ ghost-pod --delivery shop/edge-ghost --run-folder /run/ghost --pod-health 10.0.0.7:9181
  # Beside a ghost-edge
  $ ghost-pod --delivery shop/edge-ghost --edge /run/ghost/edge --pod-health 10.0.0.7:9181

Options:
  --delivery NAMESPACE/NAME  ConfigMap with the index of the documents
  --run-folder FOLDER        folder for engine, sockets and history
  --edge FOLDER              no engine: files for a ghost-edge that reads edge.json in this folder
  --pod-health ADDRESS:PORT  serves /healthz, /startupz (with --edge) and /readyz, and nothing else
  --cache-size SIZE          memory for the cache, 256m by default
  -- ARGUMENTS               runtime parameters of varnishd, each as -p NAME=VALUE

Environment: POD_NAME, POD_NAMESPACE and POD_IP say which Pod this is.
`;

class UsageError extends Error {}

type Words = Omit<PodOptions, "connection" | "clock" | "vmod" | "stop" | "onEvent"> & {
  readonly edge?: string;
};

/** Reads words and environment. Throws a UsageError. */
function readWords(words: readonly string[], environment: NodeJS.ProcessEnv): Words | "help" {
  const { values, positionals } = parsed(words);
  if (values.help === true) return "help";
  const [, namespace, name] = /^([^/]+)\/([^/]+)$/.exec(values.delivery ?? "") ?? [];
  if (namespace === undefined || name === undefined)
    throw new UsageError("--delivery NAMESPACE/NAME is missing");
  const podHealth =
    values["pod-health"] === undefined ? undefined : parseTcpAddress(values["pod-health"]);
  const further = extraArguments(positionals);
  if (typeof further === "string") throw new UsageError(further);
  return {
    place: { namespace, name },
    pod: {
      namespace: required(environment, "POD_NAMESPACE"),
      name: required(environment, "POD_NAME"),
    },
    bind: "0.0.0.0",
    extraArguments: further,
    ...(podHealth === undefined ? {} : { podHealth }),
    ...(values["run-folder"] === undefined ? {} : { runFolder: values["run-folder"] }),
    ...(values.edge === undefined ? {} : { edge: values.edge }),
    ...(values["cache-size"] === undefined ? {} : { cacheSize: values["cache-size"] }),
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        delivery: { type: "string" },
        "run-folder": { type: "string" },
        edge: { type: "string" },
        "pod-health": { type: "string" },
        "cache-size": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new UsageError(`${name} is not set`);
  return value;
}

async function run({ edge, ...words }: Words): Promise<ExitCode> {
  return edge === undefined ? runVarnish(words) : runEdge(words, edge);
}

async function runEdge({ place, pod, podHealth }: Words, folder: string): Promise<ExitCode> {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
  const onEvent = (event: EdgePodEvent): void => {
    const { type, ...facts } = event;
    const level = type === "problem" ? "warn" : "info";
    const line = { level, time: new Date().toISOString(), event: type, ...facts };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  const health = podHealth === undefined ? {} : { podHealth };
  await runEdgePod(
    { connection: Connection.open(), clock: systemClock, place, pod, folder, ...health, onEvent },
    end.signal,
  );
  return 0;
}

async function runVarnish(words: Omit<Words, "edge">): Promise<ExitCode> {
  const vmod = findVmod(process.env);
  if (vmod === undefined) throw new UsageError("libvmod_ghost.so or ghost.vcl is not found");
  const onEvent = eventLog({ write: (line) => process.stdout.write(line) }, "info");
  const stop = stopOnSignals(process, Date.now, ["SIGINT", "SIGTERM"]);
  const end = new AbortController();
  try {
    const connection = Connection.open();
    return await runPod(
      { ...words, connection, clock: systemClock, vmod, stop, onEvent },
      end.signal,
    );
  } finally {
    end.abort();
    stop.dispose();
  }
}

try {
  const words = readWords(process.argv.slice(2), process.env);
  if (words === "help") process.stdout.write(help);
  else process.exitCode = await run(words);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}
