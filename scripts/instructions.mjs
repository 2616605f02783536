// Instructions per decision, counted by callgrind: repeatable where times are not. Fails when a scenario needs more than
// 3 % above the recorded number, or when 100,000 hosts need more than 1.3 times the instructions of 1,000.
//
//   node scripts/instructions.mjs [--update]

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const record = `${root}/crates/ghost-bench/instructions.json`;
const scenarios = ["paths", "hosts-1000", "hosts-100000", "patterns"];
const tolerance = 1.03;
const decisions = 20_000;

function instructions(scenario, count) {
  const output = `${root}/target/callgrind.out`;
  const result = execFileSync(
    "valgrind",
    [
      "--tool=callgrind",
      `--callgrind-out-file=${output}`,
      `${root}/target/release/instructions`,
      scenario,
      String(count),
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  if (Number(result.trim()) !== count)
    throw new Error(`${scenario}: ${result.trim()} of ${count} requests found a route`);
  return Number(
    /^summary: (\d+)$|^totals: (\d+)$/m.exec(readFileSync(output, "utf8"))?.slice(1).find(Boolean),
  );
}

execFileSync(
  "cargo",
  ["build", "--release", "--quiet", "--locked", "-p", "ghost-bench", "--bin", "instructions"],
  {
    cwd: root,
    stdio: "inherit",
  },
);
const counted = Object.fromEntries(
  scenarios.map((scenario) => [
    scenario,
    Math.round((instructions(scenario, decisions) - instructions(scenario, 0)) / decisions),
  ]),
);
if (process.argv.includes("--update")) {
  writeFileSync(record, `${JSON.stringify(counted, null, 2)}\n`);
}
const recorded = JSON.parse(readFileSync(record, "utf8"));
let failed = 0;
for (const scenario of scenarios) {
  const good = counted[scenario] <= recorded[scenario] * tolerance;
  failed += good ? 0 : 1;
  process.stdout.write(
    `${good ? "ok  " : "MORE"} ${scenario.padEnd(14)} ${counted[scenario]} instructions a decision, recorded ${recorded[scenario]}\n`,
  );
}
const growth = counted["hosts-100000"] / counted["hosts-1000"];
failed += growth <= 1.3 ? 0 : 1;
process.stdout.write(
  `${growth <= 1.3 ? "ok  " : "MORE"} 1,000 -> 100,000 hosts: ${growth.toFixed(3)} times the instructions, 1.3 allowed\n`,
);
process.stdout.write(`${scenarios.length + 1 - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
