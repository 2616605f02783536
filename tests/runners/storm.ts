// Reloads 100 times a second while requests run, with every request in a ledger that the client and the origins keep: none
// may be lost, sent twice, or answered by a service that no configuration in force allowed.
//
//	node tests/runners/storm.ts [--seconds N] [--inject-fault]
//
// GHOST_VMOD_OUT and GHOST_ENGINE_ROOT as for varnish.ts. It ends when 100 * N reloads and 1,200 * N requests are done,
// however long that takes, and prints the rates. With --inject-fault an origin answers once in another's name and breaks
// off once, and the client sends one request twice: it passes when the ledger finds these three and nothing else.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client, inParallel } from "../../ts/cli/src/demo/client.ts";
import { Ledger } from "../../ts/cli/src/demo/ledger.ts";
import type { Audit } from "../../ts/cli/src/demo/ledger.ts";
import { idHeader, startOrigin } from "../../ts/cli/src/demo/origin.ts";
import type { Fault } from "../../ts/cli/src/demo/origin.ts";
import type { Config } from "./varnish/case.ts";
import { Engine } from "./varnish/engine.ts";
import { enterNamespace, isInside } from "./varnish/namespace.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");
const reloadsPerSecond = 100;
/** Offered; at least a thousand of them are wanted. More would only keep the reloads waiting for this process. */
const requestsPerSecond = 1200;
const width = 16;
/** As many as it takes for a stale answer to be told from one that is a reload behind. */
const services = Array.from({ length: 8 }, (_, index) => `service-${index}`);

process.exitCode = isInside() ? await main(process.argv.slice(2)) : enterNamespace();

async function main(words: string[]): Promise<number> {
  const seconds = Number(words[words.indexOf("--seconds") + 1] ?? 30) || 30;
  const isFaulty = words.includes("--inject-fault");
  const ledger = new Ledger();
  const faults = new Map<string, Fault>();
  const origins = await Promise.all(
    services.map((service) =>
      startOrigin({
        service,
        onRequest: (id, by) => ledger.arrived(id, by),
        faultFor: (id) => faults.get(id),
      }),
    ),
  );
  const engine = await Engine.start(workspace, []);
  const client = new Client(engine.address(undefined).port, width);
  const send = async (id: string): Promise<void> => {
    const started = performance.now();
    const url = `http://storm.example/${id}`;
    const { status, echo } = await client.send({ method: "GET", url, headers: [[idHeader, id]] });
    const answered = { status, service: echo?.service, id: echo?.id };
    ledger.ended(id, started, performance.now(), answered);
  };
  const reload = async (turn: number): Promise<void> => {
    const origin = origins[turn % origins.length];
    if (origin === undefined) throw new Error("there are no origins");
    ledger.edited([origin.service], performance.now());
    const { refused } = await engine.load(document(turn, origin));
    if (refused !== undefined) throw new Error(`reload ${turn} was refused: ${refused}`);
    ledger.acknowledged(performance.now());
  };
  try {
    const rates = await storm(seconds, send, reload, async () => {
      if (!isFaulty) return;
      faults.set("fault-wrong", { kind: "impersonate", service: "nobody" });
      faults.set("fault-lost", { kind: "breakOff" });
      for (const id of ["fault-wrong", "fault-lost", "fault-twice", "fault-twice"]) await send(id);
    });
    const audit = ledger.audit();
    console.log(`${rates}\n${JSON.stringify(audit)}`);
    return verdict(audit, isFaulty);
  } finally {
    client.close();
    await engine.stop();
    await Promise.all(origins.map((origin) => origin.close()));
  }
}

/** Runs load and reloads together; `between` is done in the middle of it. */
async function storm(
  seconds: number,
  send: (id: string) => Promise<void>,
  reload: (turn: number) => Promise<void>,
  between: () => Promise<void>,
): Promise<string> {
  const [reloads, requests] = [reloadsPerSecond * seconds, requestsPerSecond * seconds];
  await reload(0);
  const began = performance.now();
  let [turn, sent] = [1, 0];
  const load = inParallel(
    width,
    (number) => turn >= reloads && number >= requests,
    async (number) => {
      await until(began + (number * 1000) / requestsPerSecond);
      await send(`storm-${number}`);
      sent += 1;
    },
  );
  for (; turn < reloads; turn += 1) {
    // One reload at a time, each at its moment or as soon as the one before is acknowledged.
    await until(began + (turn * 1000) / reloadsPerSecond);
    await reload(turn);
    if (turn === Math.floor(reloads / 2)) await between();
  }
  const stormed = (performance.now() - began) / 1000;
  const meanwhile = sent;
  await load;
  return (
    `${reloads} reloads in ${stormed.toFixed(1)} s, ${(reloads / stormed).toFixed(0)} per second; ` +
    `${meanwhile} requests meanwhile, ${(meanwhile / stormed).toFixed(0)} per second`
  );
}

/** Waits for a moment, if it is still to come. */
async function until(moment: number): Promise<void> {
  const due = moment - performance.now();
  if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
}

/** Everything goes to one service; the other one is in the document of the next generation only. */
function document(turn: number, origin: { service: string; port: number }): Config {
  const { service, port } = origin;
  const routes = [{ name: `storm-${turn}`, rules: [{ backends: [{ service }] }] }];
  const endpoints = [{ address: "127.0.0.1", port }];
  const config = {
    version: 1,
    generation: turn + 1,
    routes,
    services: { [service]: { endpoints } },
  };
  return config;
}

function verdict(audit: Audit, isFaulty: boolean): number {
  const { requests, lost, duplicated, wrong } = audit;
  const right = requests - lost - duplicated - wrong;
  console.log(`${right} requests right, ${lost} lost, ${duplicated} duplicated, ${wrong} wrong`);
  const expected = isFaulty ? 1 : 0;
  const isGood = right > 0 && [lost, duplicated, wrong].every((count) => count === expected);
  console.log(isGood ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return isGood ? 0 : 1;
}
