/**
 * Does faults to Ghost with a real engine under load and prints what was lost, what was wrong and how long it took to recover.
 *
 *	node tests/chaos/run.ts [--short] [--engine ROOT] [F01 F02 ...]
 *
 * Every request is counted by the client and by the origins. Lost: sent and not answered well. Wrong: answered by a service that
 * nothing in force allowed, or twice.
 */

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { faults } from "./faults.ts";
import type { Fault, Outcome } from "./faults.ts";
import { Stage } from "./stage.ts";
import type { Engine } from "./stage.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: "boolean", default: false }, engine: { type: "string" } },
});
const engine: Engine =
  values.engine === undefined
    ? { name: "installed" }
    : { name: basename(values.engine), root: values.engine };

interface Result {
  readonly requests: number;
  readonly lost: number;
  readonly wrong: number;
  readonly outcome: Outcome;
}

async function doTo(fault: Fault): Promise<Result> {
  const stage = await Stage.open(engine, fault.policy);
  try {
    stage.load.start();
    await stage.load.more(100);
    const outcome = await fault.run(stage, values.short);
    await stage.load.stop();
    const { requests, lost, wrong, duplicated } = stage.ledger.audit();
    return { requests, lost, wrong: wrong + duplicated, outcome };
  } finally {
    await stage.close();
  }
}

function judge({ lost, wrong, outcome }: Result): string[] {
  return [
    ...outcome.broken,
    ...(lost > outcome.mayLose ? [`${lost} lost, ${outcome.mayLose} allowed`] : []),
    ...(wrong > 0 ? [`${wrong} wrong`] : []),
  ];
}

const wanted =
  positionals.length === 0 ? faults : faults.filter(({ id }) => positionals.includes(id));
let [passed, failed] = [0, 0];
process.stdout.write(`engine: ${engine.name}\n`);
for (const fault of wanted) {
  try {
    const result = await doTo(fault);
    const problems = judge(result);
    const { requests, lost, wrong, outcome } = result;
    const recovery = outcome.recovery === undefined ? "-" : `${Math.round(outcome.recovery)} ms`;
    process.stdout.write(
      `${problems.length === 0 ? "ok  " : "FAIL"} ${fault.id.padEnd(5)}${fault.about}: ${requests} requests, lost ${lost} (allowed ${outcome.mayLose}), wrong ${wrong}, recovery ${recovery}; ${[...outcome.notes, ...problems].join("; ")}\n`,
    );
    if (problems.length === 0) passed += 1;
    else failed += 1;
  } catch (error) {
    failed += 1;
    process.stdout.write(
      `FAIL ${fault.id.padEnd(5)}${fault.about}: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
