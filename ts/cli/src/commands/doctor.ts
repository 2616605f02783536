/** `ghostctl doctor`: whether everything is there that `up` needs, and what to do where it is not. */

import { parseListen, readSource } from "@ghost-gateway/chaperone";
import { judge } from "@ghost-gateway/chaperone/configuration";
import { loadCore } from "@ghost-gateway/core";
import type { Run } from "../command.js";
import { checkCore, checkEngine } from "../doctor/engine.js";
import { error, messageOf, ok, skipped } from "../doctor/finding.js";
import type { Finding } from "../doctor/finding.js";
import { checkEndpoints, checkPort, checkRunFolder } from "../doctor/place.js";
import { exitCode, usageFailure } from "../exit.js";
import type { Io, Style } from "../io.js";
import { countSeverities } from "../render/diagnostics.js";
import { renderData } from "../render/data.js";
import { printableLine } from "../render/printable.js";
import { sourceFrom } from "../source.js";
import type { SourceOptions } from "../source.js";
import { existsSync } from "node:fs";

interface Options extends SourceOptions {
  readonly varnishd: string;
  readonly runFolder?: string;
  readonly listen?: readonly string[];
  readonly cluster?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly output: "text" | "json" | "yaml";
}

export const doctor: Run<Options> = async (_words, options, io) => {
  const core = checkCore();
  const findings: Finding[] = [
    core,
    ...(await checkEngine({ varnishd: options.varnishd, environment: io.environment })),
    ...(core.state === "error" ? [] : await checkConfiguration(options)),
    ...(await checkRunFolder(options.runFolder)),
    ...(await Promise.all((options.listen ?? ["127.0.0.1:8080"]).map(checkListen))),
    ...(await checkCluster(options)),
  ];
  if (options.output === "text") print(findings, io);
  else io.out.write(renderData(findings, options.output));
  const bad = findings.filter(({ state }) => state === "error").length;
  const doubtful = findings.filter(({ state }) => state === "warning").length;
  io.err.write(
    bad + doubtful === 0
      ? "everything is fine\n"
      : `${bad} to be mended, ${doubtful} to be looked at\n`,
  );
  return bad === 0 ? exitCode.fine : exitCode.findings;
};

async function checkConfiguration(options: Options): Promise<Finding[]> {
  const check = "configuration";
  if (options.config === undefined && options.filename === undefined && !existsSync("ghost.json"))
    return [skipped(check, "no file is named, and there is no ghost.json in this folder")];
  try {
    const reading = await readSource(sourceFrom(options));
    const verdict = judge(reading, loadCore(), "quarantine");
    const errors = verdict.diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0)
      return [
        error(
          check,
          `it has ${countSeverities(errors)}: ${errors[0]?.message ?? ""}`,
          "ghostctl check shows them all",
        ),
      ];
    if (verdict.kind === "refused")
      return [error(check, "it cannot be read", "ghostctl check shows why")];
    return [ok(check, "no errors"), await checkEndpoints(endpointsOf(reading.documents))];
  } catch (thrown) {
    return [error(check, messageOf(thrown), "name the configuration with -c or -f")];
  }
}

interface WithEndpoints {
  readonly services?: Readonly<
    Record<string, { readonly endpoints?: readonly { address: string; port: number }[] }>
  >;
}

function endpointsOf(documents: { routes: Uint8Array; endpoints?: Uint8Array } | null): string[] {
  return [documents?.routes, documents?.endpoints].flatMap((bytes) => {
    if (bytes === undefined) return [];
    const { services = {} }: WithEndpoints = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return Object.values(services).flatMap(({ endpoints = [] }) =>
      endpoints.map(
        ({ address, port }) => `${address.includes(":") ? `[${address}]` : address}:${port}`,
      ),
    );
  });
}

async function checkListen(text: string): Promise<Finding> {
  const option = parseListen(text);
  if (typeof option === "string") throw usageFailure(option);
  const [, host = "127.0.0.1", port] = /^(?:[^=]*=)?(?:(.*):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined) return skipped("listen", `${text} is a socket`);
  return checkPort(host.replaceAll(/[[\]]/g, ""), Number(port));
}

async function checkCluster({ cluster, kubeconfig, context }: Options): Promise<Finding[]> {
  if (cluster !== true) return [];
  const { checkCluster: check } = await import("../doctor/cluster.js");
  return check({ kubeconfig, context });
}

const colours: Readonly<Record<Finding["state"], Style>> = {
  ok: "green",
  warning: "yellow",
  error: "red",
  skipped: "dim",
};

function print(findings: readonly Finding[], io: Io): void {
  const { paint } = io.out;
  const width = Math.max(...findings.map(({ check }) => check.length));
  for (const { check, state, message, help } of findings) {
    io.out.write(
      `${paint(colours[state], state.padEnd(7))}  ${check.padEnd(width)}  ${printableLine(message)}\n`,
    );
    if (help !== "") io.out.write(`${" ".repeat(width + 11)}help: ${printableLine(help)}\n`);
  }
}
