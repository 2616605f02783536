/**
 * Compares the core with the reference router on random tables and requests.
 *
 *   node tests/oracle/src/main.ts --requests 1000000 --seed 1 --engine napi
 *   node tests/oracle/src/main.ts --self-test      shows that faults of the reference are found
 *   node tests/oracle/src/main.ts --round 17       asks one round again
 *
 * Differences go to stdout as case files, words to stderr; the last line of stdout counts. Exit codes: 0 no difference, 1 some, 2 usage.
 */

import { parseArgs } from "node:util";
import { compareRound, type Engine, type MakeReference } from "./compare.ts";
import { coreEngine, type EngineName } from "./engine.ts";
import { randomRound } from "./generate.ts";
import { referenceRouter } from "./reference.ts";
import { caseFile, differenceInWords } from "./report.ts";
import { detectFaults } from "./self-test.ts";
import { shrink } from "./shrink.ts";

/** Requests asked of one table. */
const QUESTIONS = 100;
/** Kinds of differences of which one is shrunk and printed; the rest is only counted. */
const PRINTED = 5;

interface Settings {
  readonly requests: number;
  readonly seed: number;
  readonly engine: EngineName;
  readonly round: number | undefined;
  readonly selfTest: boolean;
}

function settings(): Settings {
  const { values } = parseArgs({
    options: {
      requests: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      engine: { type: "string", default: "napi" },
      round: { type: "string" },
      "self-test": { type: "boolean", default: false },
    },
  });
  const { engine } = values;
  if (engine !== "napi" && engine !== "wasm") throw new TypeError("--engine is napi or wasm");
  return {
    requests: wholeNumber("--requests", values.requests),
    seed: wholeNumber("--seed", values.seed),
    engine,
    round: values.round === undefined ? undefined : wholeNumber("--round", values.round),
    selfTest: values["self-test"],
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new TypeError(`${option} is a whole number`);
  return Number(text);
}

/** Asks round after round and counts; prints the first differences, shrunk. */
function compareAll(
  engine: Engine,
  reference: MakeReference,
  { requests, seed, round }: Settings,
): number {
  const [first, rounds] = round === undefined ? [0, Math.ceil(requests / QUESTIONS)] : [round, 1];
  let failed = 0;
  const printed = new Set<string>();
  for (let number = first; number < first + rounds; number++) {
    const differences = compareRound(engine, reference, randomRound(seed, number, QUESTIONS));
    for (const found of differences) {
      const kind = found.fields.join(", ");
      if (printed.has(kind) || printed.size === PRINTED) continue;
      printed.add(kind);
      const small = shrink(engine, reference, found);
      process.stderr.write(`seed ${seed}, round ${number} differs:\n${differenceInWords(small)}\n`);
      process.stdout.write(`${caseFile(small)}\n`);
    }
    failed += differences.length;
    if ((number + 1) % 500 === 0) progress(number + 1 - first, rounds, failed);
  }
  process.stdout.write(`${rounds * QUESTIONS - failed} passed, ${failed} failed\n`);
  return failed;
}

function progress(done: number, rounds: number, failed: number): void {
  process.stderr.write(
    `${done * QUESTIONS} of ${rounds * QUESTIONS} requests, ${failed} differences\n`,
  );
}

async function main(): Promise<number> {
  let chosen: Settings;
  try {
    chosen = settings();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const engine = coreEngine(chosen.engine);
  const failed = chosen.selfTest
    ? await detectFaults(engine, chosen.seed)
    : compareAll(engine, referenceRouter, chosen);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
