/**
 * Asks the engine a few requests that the core has decided, and compares.
 *
 * Only those that Ghost answers itself, redirects and refusals: nothing is sent to anybody's service.
 */

import { request } from "node:http";
import type { Core, Decision } from "@ghost-gateway/core";
import type { ListenAddress } from "../admin/replies.js";
import type { StoredContents } from "./history.js";
import { sampleRequests } from "./samples.js";
import type { Sample } from "./samples.js";

/** Requests that are decided, and of these those that are asked. */
const decided = 20;
const asked = 5;
/** Milliseconds for an answer. */
const timeout = 5000;

/** Lines that say where core and engine disagree; none where they agree. */
export async function selfCheck(
  core: Core,
  { routes, endpoints }: StoredContents,
  listeners: readonly ListenAddress[],
): Promise<readonly string[]> {
  const { table } = core.compile({
    routes,
    file: "ghost.json",
    ...(endpoints === undefined ? {} : { endpoints }),
  });
  if (table === null) return ["the core cannot read what the engine has"];
  const samples = sampleRequests(routes, decided).flatMap((sample) => {
    const listener = listeners.find(({ name }) => name === (sample.listener ?? name));
    if (listener === undefined) return [];
    const url = `http://${sample.host}${sample.path}`;
    const isKnown = table.listeners.some(({ name }) => name === listener.name);
    const decision = table.decide(
      { method: "GET", url },
      isKnown ? { listener: listener.name } : {},
    );
    return decision.action === "forward" ? [] : [{ sample, listener, decision }];
  });
  table.dispose();
  const problems: string[] = [];
  for (const { sample, listener, decision } of samples.slice(0, asked)) {
    const problem = compare(sample, decision, await ask(sample, listener));
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

interface Answered {
  readonly status: number | undefined;
  readonly location: string | undefined;
}

function compare(
  { host, path }: Sample,
  decision: Decision,
  answered: Answered,
): string | undefined {
  const wanted = `${String(decision.status)} ${decision.location ?? ""}`.trim();
  const got = `${String(answered.status)} ${answered.location ?? ""}`.trim();
  return wanted === got
    ? undefined
    : `http://${host}${path}: the core decides ${wanted}, the engine answered ${got}`;
}

function ask({ host, path }: Sample, { address, port }: ListenAddress): Promise<Answered> {
  const place = port === undefined ? { socketPath: address } : { host: reachable(address), port };
  return new Promise((resolve) => {
    const options = {
      ...place,
      path,
      agent: false,
      timeout,
      headers: { host, connection: "close" },
    };
    const sent = request(options, (response) => {
      response.resume();
      resolve({ status: response.statusCode, location: response.headers.location });
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve({ status: undefined, location: undefined }));
    sent.end();
  });
}

/** A socket that listens on every address is reached by loopback. */
function reachable(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}
