// node tests/conformance/src/main.ts [--entrant ghost|ghost-core|without-gateway] [--write]: runs the official suite against a
// cluster of its own and prints the score. The board of the run must be the one in tests/conformance; --write replaces that.

import { parseArgs } from "node:util";
import { startCluster } from "@ghost-gateway/cluster";
import type { Board, Score } from "./board.ts";
import { enter } from "./enter.ts";
import type { Entrant } from "./entrant.ts";
import { ghost } from "./ghost.ts";
import { withoutGateway } from "./without-gateway.ts";

const say = (line: string) => process.stderr.write(`conformance: ${line}\n`);

function printScore(board: Board): void {
  const part = (score: Score) => {
    const total = Object.values(score).reduce((sum, count) => sum + count, 0);
    return `${score.passed}/${total}`;
  };
  for (const { name, core, extended } of board.profiles) {
    process.stdout.write(`${name.padEnd(14)} core ${part(core)}, extended ${part(extended)}\n`);
  }
  if (board.setup !== undefined) process.stdout.write(`stopped before the tests: ${board.setup}\n`);
}

/** Every test once, however many profiles count it. */
function outcomes({ tests }: Board): { passed: number; failed: number } {
  const count = (wanted: string): number =>
    tests.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count("passed"), failed: count("failed") };
}

const entrants: Readonly<Record<string, Entrant>> = {
  ghost: ghost("whole"),
  "ghost-core": ghost("core"),
  "without-gateway": withoutGateway,
};

const { values } = parseArgs({
  options: {
    entrant: { type: "string", default: "ghost" },
    write: { type: "boolean", default: false },
  },
});
const entrant = entrants[values.entrant];
if (entrant === undefined) {
  say(`there is no entrant ${values.entrant}; there are ${Object.keys(entrants).join(", ")}`);
  process.exit(2);
}
const { images = {} } = entrant;
const cluster = await startCluster({ name: `conformance-${process.pid}`, images, say });
try {
  const { board, complaints } = await enter(cluster, entrant, { keep: values.write, say });
  printScore(board);
  const { passed, failed } = outcomes(board);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  for (const complaint of complaints) process.stdout.write(`not as expected: ${complaint}\n`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  await cluster.stop();
}
