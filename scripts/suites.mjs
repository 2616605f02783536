// Runs test suites one after the other, prints the minutes of each, and adds up what every runner counted.
//
//   node scripts/suites.mjs run test|long    runs the suites of a list
//   node scripts/suites.mjs total            prints the sum of all that ran since `clear` as the last line
//   node scripts/suites.mjs clear            forgets earlier counts

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}/target/suites`;
const lists = JSON.parse(readFileSync(`${root}/tests/suites.json`, "utf8"));

/** What the closing lines of the runners say: cargo test, vitest, and the plain `N passed, N failed`. */
const counters = [
  [/^test result: \w+\. (\d+) passed; (\d+) failed/gm, (match) => [match[1], match[2]]],
  [/^\s+Tests\s+(?:(\d+) failed(?: \| )?)?(?:(\d+) passed)?.*$/gm, (match) => [match[2], match[1]]],
  [/^(?:\w+: )?(\d+) passed, (\d+) failed(?:, \d+ skipped)?$/gm, (match) => [match[1], match[2]]],
];

function count(output) {
  let passed = 0;
  let failed = 0;
  const plain = output.replaceAll(/\u001b\[[0-9;]*m/g, "");
  for (const [pattern, read] of counters) {
    for (const match of plain.matchAll(pattern)) {
      const [good, bad] = read(match);
      passed += Number(good ?? 0);
      failed += Number(bad ?? 0);
    }
  }
  return { passed, failed };
}

function runSuite({ name, command }) {
  const started = Date.now();
  process.stdout.write(`\n== ${name}: ${command}\n`);
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", command], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    }
    child.on("close", (code) => {
      const counts = count(output);
      // A suite that ended badly has failed once at least, whatever it counted.
      if (code !== 0 && counts.failed === 0) counts.failed = 1;
      if (code === 0 && counts.passed === 0) counts.passed = 1;
      const minutes = ((Date.now() - started) / 60_000).toFixed(1);
      process.stdout.write(
        `== ${name}: ${counts.passed} good, ${counts.failed} bad, ${minutes} minutes\n`,
      );
      resolve({ name, minutes, ...counts });
    });
  });
}

function results() {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")));
}

const [verb, list] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
if (verb === "clear") {
  rmSync(folder, { recursive: true });
} else if (verb === "run" && lists[list]) {
  let failed = 0;
  for (const suite of lists[list]) {
    const result = await runSuite(suite);
    writeFileSync(`${folder}/${suite.name}.json`, JSON.stringify(result));
    failed += result.failed;
  }
  process.exitCode = failed === 0 ? 0 : 1;
} else if (verb === "total") {
  const all = results();
  process.stdout.write("\n");
  for (const { name, minutes, passed, failed } of all) {
    process.stdout.write(
      `${name.padEnd(24)} ${String(passed).padStart(7)} good ${String(failed).padStart(4)} bad ${minutes.padStart(6)} min\n`,
    );
  }
  // A suite that never ran, because the build before it failed, has failed.
  const ran = new Set(all.map(({ name }) => name));
  const missing = Object.values(lists)
    .flat()
    .filter(({ name }) => !ran.has(name));
  for (const { name } of missing) {
    process.stdout.write(`${name.padEnd(24)} did not run\n`);
    all.push({ name, minutes: "0.0", passed: 0, failed: 1 });
  }
  const sum = (key) => all.reduce((total, result) => total + result[key], 0);
  process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed\n`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
} else {
  process.stderr.write("usage: node scripts/suites.mjs clear | run test|long | total\n");
  process.exitCode = 2;
}
