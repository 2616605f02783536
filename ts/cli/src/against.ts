/** A request sent for real, beside what the configuration says would become of it. */

import http from "node:http";
import https from "node:https";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { DecideOptions, Decision, RequestInput, RouteTable } from "@ghost-gateway/core";
import { CommandFailure, exitCode, usageFailure } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";
import { ask } from "./loaded.js";
import { renderData } from "./render/data.js";
import { renderDecision } from "./render/decision.js";
import { printableLine } from "./render/printable.js";

export interface ServerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Milliseconds until the head of the answer is there. */
const timeout = 30_000;

export async function compareWithServer(
  table: RouteTable,
  request: RequestInput,
  under: DecideOptions,
  address: string,
  output: "text" | "json" | "yaml",
  io: Io,
): Promise<ExitCode> {
  const decision = ask(() => table.decide(request, under));
  const answer = await send(request, address);
  const differences = compareAnswer(decision, answer);
  if (output === "text") {
    io.out.write(renderDecision(request, decision, io.out.paint));
    io.out.write(`${printableLine(`server at ${address} answered ${answer.status}`)}\n`);
    for (const difference of differences)
      io.out.write(`${io.out.paint("red", "differs:")} ${printableLine(difference)}\n`);
  } else io.out.write(renderData({ decision, answer, differences }, output));
  io.err.write(differences.length === 0 ? "nothing differs that can be seen from outside\n" : "");
  return differences.length === 0 ? exitCode.fine : exitCode.findings;
}

/**
 * What a client can see of a decision: the status and place of redirects and refusals, and headers that are set or
 * removed. Which service answered cannot be seen. Pure.
 */
export function compareAnswer(decision: Decision, { status, headers }: ServerAnswer): string[] {
  const differences: string[] = [];
  if (decision.status !== null && decision.status !== status)
    differences.push(`the status is ${status}, expected ${decision.status} ${decision.why}`);
  if (decision.location !== null && headers.location !== decision.location)
    differences.push(
      `the location is ${headers.location ?? "absent"}, expected ${decision.location}`,
    );
  for (const [name, value] of decision.responseHeaders) {
    const found = headers[name.toLowerCase()];
    const actual = Array.isArray(found) ? found.join(", ") : found;
    const isFine =
      value === null
        ? actual === undefined
        : (actual ?? "").split(", ").includes(value) || actual === value;
    if (!isFine)
      differences.push(`header ${name} is ${actual ?? "absent"}, expected ${value ?? "absent"}`);
  }
  return differences;
}

async function send(
  { method, url, headers = [] }: RequestInput,
  address: string,
): Promise<ServerAnswer> {
  const { host, port } = addressOf(address);
  const target = url.startsWith("/") ? undefined : new URL(url);
  const speak = target?.protocol === "https:" ? https.request : http.request;
  const named = headers.some(([name]) => name.toLowerCase() === "host");
  const lines = [
    ...(named || target === undefined ? [] : [["host", target.host] as const]),
    ...headers,
  ].flat();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = speak(
    {
      host,
      port,
      method,
      path: targetOf(url),
      headers: lines,
      setHost: false,
      agent: false,
      timeout,
      ...(target === undefined ? {} : { servername: target.hostname }),
      // A test server rarely has a certificate that a stranger trusts, and no secret is sent to it.
      rejectUnauthorized: false,
    },
    resolve,
  );
  request.on("error", reject);
  request.on("timeout", () => request.destroy(new Error(`no answer within ${timeout / 1000} s`)));
  request.end();
  try {
    const answer = await promise;
    const result = { status: answer.statusCode ?? 0, headers: answer.headers };
    answer.destroy();
    return result;
  } catch (error) {
    const code = String(error).includes("no answer within")
      ? exitCode.timedOut
      : exitCode.unreachable;
    throw new CommandFailure(
      `${address}: ${error instanceof Error ? error.message : String(error)}`,
      code,
      {
        cause: error,
      },
    );
  }
}

/** As it was typed: `URL` would clean it. */
function targetOf(url: string): string {
  if (url.startsWith("/")) return url.replace(/#.*/s, "");
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/#.*/s, "");
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function addressOf(address: string): { host: string; port: number } {
  const [, host = "", port] = /^(?:https?:\/\/)?(\[[^\]]+\]|[^:/]*):(\d+)\/?$/.exec(address) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw usageFailure(`--against ${address}: write host:port`);
  return { host: host.replaceAll(/[[\]]/g, "") || "127.0.0.1", port: Number(port) };
}
