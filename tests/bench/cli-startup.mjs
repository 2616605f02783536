// Start-up of `ghostctl simulate` over that of Node itself, as medians of 20 runs each, taken in turn.
//
//   node tests/bench/cli-startup.mjs [runs]

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const runs = Number(process.argv[2] ?? 20);
const program = `${root}ts/cli/bin/ghostctl.js`;
const simulate = [
  program,
  "simulate",
  "-c",
  `${root}examples/ghost.json`,
  "http://shop.example.com/cart",
];

/** Milliseconds of one run of Node with these words. */
function time(words) {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - began;
}

function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The first run of each fills caches.
time(["-e", "0"]);
time(simulate);
const bare = [];
const whole = [];
for (let run = 0; run < runs; run += 1) {
  bare.push(time(["-e", "0"]));
  whole.push(time(simulate));
}
const [node, ghostctl] = [median(bare), median(whole)];
const line = (name, milliseconds) =>
  `${name.padEnd(34)}${milliseconds.toFixed(1).padStart(8)} ms\n`;
process.stdout.write(
  line("node -e 0", node) +
    line("ghostctl simulate", ghostctl) +
    line("difference (median of each)", ghostctl - node),
);
