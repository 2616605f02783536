// A log of 2 GiB through standard input: every line is counted, and the memory stays what it is for a short one.
//
//   node tests/bench/cli-huge.mjs [MiB]

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wanted = Number(process.argv[2] ?? 2048) << 20;
/** Bytes that the process may take at its height, with four threads. */
const limit = 700 << 20;

const line = (index) =>
  `10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET http://shop.example.com/cart/${index} HTTP/1.1" 200 5 "-" "curl/8"\n`;
const lines = 10_000;
const block = Buffer.from(Array.from({ length: lines }, (_, index) => line(index)).join(""));
const blocks = Math.ceil(wanted / block.length);

const words = ["replay", "-", "-c", `${root}examples/ghost.json`, "--workers", "4", "-o", "json"];
const child = spawn(process.execPath, [`${root}ts/cli/bin/ghostctl.js`, ...words], {
  stdio: ["pipe", "pipe", "inherit"],
});
let text = "";
child.stdout.on("data", (piece) => (text += piece));
let height = 0;
for (let index = 0; index < blocks; index += 1) {
  if (!child.stdin.write(block)) await once(child.stdin, "drain");
  if (index % 100 === 0) {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    height = Math.max(height, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  }
}
child.stdin.end();
const [code] = await once(child, "close");
const summary = JSON.parse(text);
const isGood = code === 0 && summary.requests === blocks * lines && height < limit;
process.stdout.write(
  `${(blocks * block.length) >> 20} MiB, ${summary.requests} of ${blocks * lines} requests, ${height >> 20} MiB of memory\n` +
    `${isGood ? "1 passed, 0 failed" : "0 passed, 1 failed"}\n`,
);
process.exitCode = isGood ? 0 : 1;
