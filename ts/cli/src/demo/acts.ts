/** The demo's acts. Each returns what it saw; nothing here prints. */

import { loadCore } from "@ghost-gateway/core";
import type { Diagnostic, RequestInput } from "@ghost-gateway/core";
import { agree, decided, observed, requests } from "./cases.js";
import type { Outcome } from "./cases.js";
import { inParallel } from "./client.js";
import { allowedBy, demoDocument, services, withMistake } from "./configuration.js";
import type { Split } from "./configuration.js";
import { idHeader } from "./origin.js";
import type { Stage } from "./stage.js";
import { width } from "./stage.js";

/** A request, decided and sent. */
export interface Compared {
  readonly request: RequestInput;
  readonly simulated: Outcome;
  readonly real: Outcome;
  readonly isSame: boolean;
}

/** The twenty requests, asked of the core and of the engine. */
export async function compareRequests(stage: Stage, split: Split): Promise<Compared[]> {
  const routes = Buffer.from(demoDocument(stage.ports, split));
  const { table } = loadCore().compile({ routes, file: stage.file });
  if (table === null) throw new Error("the demo's own document cannot be read");
  const compared: Compared[] = [];
  for (const request of requests) {
    const simulated = decided(table.decide(request));
    const real = observed(await stage.client.send(request));
    compared.push({ request, simulated, real, isSame: agree(simulated, real) });
  }
  return compared;
}

export interface Measured {
  readonly requests: number;
  readonly blue: number;
  readonly green: number;
  /** How many standard deviations the share is off. */
  readonly deviations: number;
}

/** Counts who answers under a split. */
export async function measureSplit(stage: Stage, split: Split, count: number): Promise<Measured> {
  const seen = { [services.blue]: 0, [services.green]: 0 };
  await inParallel(
    width,
    (number) => number >= count,
    async (number) => {
      const { echo } = await stage.client.send({
        method: "GET",
        url: `http://split.example/measured/${number}`,
      });
      if (echo?.service === services.blue || echo?.service === services.green)
        seen[echo.service] += 1;
    },
  );
  const share = split.green / (split.blue + split.green);
  const deviation = Math.sqrt(count * share * (1 - share));
  const green = seen[services.green];
  return {
    requests: count,
    blue: seen[services.blue],
    green,
    deviations: Math.abs(green - count * share) / deviation,
  };
}

export interface Flipped {
  readonly flips: number;
  readonly seconds: number;
  /** Lines of the broken edit. */
  readonly broken: readonly string[];
  /** Findings of the broken edit. */
  readonly refused: readonly Diagnostic[];
  /** Requests that were answered while the broken edit lay there. */
  readonly meanwhile: number;
}

export interface FlipOptions {
  readonly requests: number;
  readonly flips: number;
  /** Lets an origin and the client misbehave, once each. */
  readonly isFaulty: boolean;
}

/** Requests answered while a broken edit lies there, before it is put right. */
const meanwhileWanted = 500;

/** Flips the split between all and nothing while requests run, then makes a broken edit and takes it back. */
export async function flipUnderLoad(
  stage: Stage,
  { requests: wanted, flips, isFaulty }: FlipOptions,
): Promise<Flipped> {
  const { gateway, ledger, ports } = stage;
  const began = performance.now();
  const counter = new Counter();
  let isOver = false;
  const load = inParallel(
    width,
    (number) => isOver && number >= wanted,
    async (number) => {
      await sendCounted(stage, `flip-${number}`);
      counter.add();
    },
  );
  const edit = async (split: Split): Promise<void> => {
    ledger.edited(allowedBy(split), performance.now());
    const answer = await gateway.edit(demoDocument(ports, split));
    if (answer.type !== "reloaded")
      throw new Error(`An edit of the demo was refused: ${answer.message}`);
    ledger.acknowledged(performance.now());
  };
  try {
    for (let flip = 0; flip < flips; flip += 1) {
      await edit(flip % 2 === 0 ? { blue: 1, green: 0 } : { blue: 0, green: 1 });
      if (isFaulty && flip === 1) await misbehave(stage);
      await counter.reached(Math.floor(((flip + 1) * wanted) / (flips + 1)));
    }
    const broken = withMistake(demoDocument(ports, { blue: 9, green: 1 }));
    const answer = await gateway.edit(broken);
    const before = counter.count;
    await counter.reached(before + meanwhileWanted);
    const meanwhile = counter.count - before;
    await edit({ blue: 9, green: 1 });
    return {
      flips,
      seconds: (performance.now() - began) / 1000,
      broken: broken.split("\n"),
      refused: answer.type === "refused" ? answer.diagnostics : [],
      meanwhile,
    };
  } finally {
    isOver = true;
    await load;
  }
}

/** One request with its line in the ledger. */
async function sendCounted({ client, ledger }: Stage, id: string): Promise<void> {
  const started = performance.now();
  const { status, echo } = await client.send({
    method: "GET",
    url: `http://split.example/${id}`,
    headers: [[idHeader, id]],
  });
  ledger.ended(id, started, performance.now(), { status, service: echo?.service, id: echo?.id });
}

/** Three faults, seeded while the split allows green alone: a wrong answer, a lost one, and a request sent twice. */
async function misbehave(stage: Stage): Promise<void> {
  stage.faults.set("fault-wrong", { kind: "impersonate", service: services.blue });
  stage.faults.set("fault-lost", { kind: "breakOff" });
  for (const id of ["fault-wrong", "fault-lost", "fault-twice", "fault-twice"])
    await sendCounted(stage, id);
}

/** Counts, and lets others wait for a count. */
class Counter {
  count = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  add(): void {
    this.count += 1;
    for (const { resolve } of this.#waiting.filter(({ count }) => count <= this.count)) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.count);
  }

  reached(count: number): Promise<void> {
    if (this.count >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}
