// The command line against what it is measured by, in one run: start-up over Node's, check over a JSON parser, replay over
// `wc -l`, diff over check. Medians; processes take turns. One processor, by taskset.
//
//   node tests/bench/cli.mjs [runs]

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const runs = Number(process.argv[2] ?? 20);
const program = `${root}ts/cli/bin/ghostctl.js`;
const folder = mkdtempSync(join(tmpdir(), "ghost-bench-cli-"));
const routes = 10_000;
const lines = 2_000_000;

/** Milliseconds of one run: passed, and computed by the processor. Ends the whole with what went wrong. */
function time(command, words, environment = {}, wanted = [0]) {
  const began = performance.now();
  // The shell tells what its child computed; other programs on the machine change that little.
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1';
  const { status, stderr, error } = spawnSync(
    "taskset",
    ["-c", "0", "bash", "-c", script, "bash", command, ...words],
    {
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
      env: { ...process.env, ...environment },
    },
  );
  const passed = performance.now() - began;
  if (error) throw error;
  if (!wanted.includes(status))
    throw new Error(`${command} ${words.join(" ")} ended with ${status}`);
  const [user = 0, system = 0] = stderr.trim().split(/\s+/).slice(-2).map(Number);
  return { passed, computed: (user + system) * 1000 };
}

function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Medians of several commands that take turns; the first turn fills caches. */
function medians(commands, turns) {
  const times = commands.map(() => []);
  for (let turn = 0; turn <= turns; turn += 1)
    for (const [index, command] of commands.entries()) {
      const took = time(...command);
      if (turn > 0) times[index].push(took);
    }
  return times.map((all) => ({
    passed: median(all.map(({ passed }) => passed)),
    computed: median(all.map(({ computed }) => computed)),
  }));
}

function configuration(change) {
  const route = (index) => ({
    name: `tenant-${index}/shop`,
    hostnames: [`shop-${index % 1000}.example.com`],
    rules: [
      {
        name: "cart",
        matches: [{ path: { type: "PathPrefix", value: `/cart-${index}` } }],
        backends: [{ service: index % 100 === 0 && change ? "b" : "a" }],
      },
    ],
  });
  const services = {
    a: { endpoints: [{ address: "10.0.0.1", port: 80 }] },
    b: { endpoints: [{ address: "10.0.0.2", port: 80 }] },
  };
  return JSON.stringify({
    version: 1,
    routes: Array.from({ length: routes }, (_, index) => route(index)),
    services,
  });
}

function log() {
  const line = (index) =>
    `10.0.0.${index % 250} - - [21/Nov/2026:14:00:00 +0000] "GET http://shop-${index % 1000}.example.com/cart-${index % routes}/item/${index % 977} HTTP/1.1" 200 ${index % 9000} "http://shop-${index % 1000}.example.com/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"\n`;
  return Array.from({ length: lines }, (_, index) => line(index)).join("");
}

const rows = [];
const row = (what, value, reach) => rows.push([what, value, reach]);
const ms = (number) => `${number.toFixed(1)} ms`;

try {
  const [before, after, access] = ["before.json", "after.json", "access.log"].map((name) =>
    join(folder, name),
  );
  writeFileSync(before, configuration(false));
  writeFileSync(after, configuration(true));
  writeFileSync(access, log());
  const node = process.execPath;
  const simulate = [
    program,
    "simulate",
    "-c",
    `${root}examples/ghost.json`,
    "http://shop.example.com/cart",
  ];

  const [bare, asked] = medians(
    [
      [node, ["-e", "0"]],
      [node, simulate],
    ],
    runs,
  );
  row("simulate over node -e 0, passed", ms(asked.passed - bare.passed), "<= 80 ms");
  row("simulate over node -e 0, computed", ms(asked.computed - bare.computed), "");

  // The parser in a process of its own; start-up of either is taken off.
  const few = Math.max(3, Math.floor(runs / 4));
  const parser = join(root, "target/release/parse-json");
  const [empty, parsed, checked, compared] = medians(
    [
      [parser, ["/dev/null"], {}, [0, 1]],
      [parser, [before]],
      [node, [program, "check", before]],
      [node, [program, "diff", before, after], {}, [1]],
    ],
    few,
  );
  const start = asked.computed;
  const [ofCheck, ofDiff] = [checked.computed - start, compared.computed - start];
  row(`check of ${routes} routes over start-up, computed`, ms(ofCheck), "");
  const ofParser = parsed.computed - empty.computed;
  row("  over serde_json reading the same file", `${(ofCheck / ofParser).toFixed(2)}x`, "<= 2x");
  row(`diff of two with ${routes} routes over start-up`, ms(ofDiff), "");
  row("  over check", `${(ofDiff / ofCheck).toFixed(2)}x`, "< 10x");

  const replay = ["replay", access, "-c", before, "--workers", "1"];
  const [counted, native, wasm] = medians(
    [
      ["wc", ["-l", access]],
      [node, [program, ...replay], { GHOST_CORE: "napi" }],
      [node, [program, ...replay], { GHOST_CORE: "wasm" }],
    ],
    few,
  );
  const rate = ({ computed }) => `${(lines / computed / 1000).toFixed(2)} M lines/s`;
  row(`replay of ${lines / 1e6} M lines, one core, native`, rate(native), ">= 1 M");
  row(`replay of ${lines / 1e6} M lines, one core, WASM`, rate(wasm), ">= 0.5 M");
  row("  wc -l of the same file", rate(counted), "");
} finally {
  rmSync(folder, { recursive: true });
}
for (const [what, value, reach] of rows)
  process.stdout.write(
    `${what.padEnd(50)}${value.padStart(18)}   ${reach}\n`.replace(/ +\n$/, "\n"),
  );
