#!/usr/bin/env node
// Starts ghostctl, under the Node of the package `node` where the one at hand is too old. Plain enough for Node 18.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldest = [22, 22];

/** @returns {boolean} */
function isNewEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** @returns {string | undefined} the binary of the package `node` */
function findNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const binary = join(folder, "bin", "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Signals go on to the other process, and its end becomes ours. */
function runWith(/** @type {string} */ node) {
  const words = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, GHOSTCTL_RESTARTED: "1", GHOSTCTL_NAME: basename(process.argv[1]) };
  const child = spawn(node, words, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) =>
    process.exit(code === null ? 128 + constants.signals[signal] : code),
  );
  child.on("error", (error) => fail(`${node} cannot be started: ${error.message}`, 70));
}

function fail(/** @type {string} */ message, /** @type {number} */ code) {
  process.stderr.write(`ghostctl: ${message}\n`);
  process.exit(code);
}

async function start() {
  const { enableCompileCache } = await import("node:module");
  // Saves compiling the same files again at each call.
  enableCompileCache?.();
  const main = new URL("../dist/main.js", import.meta.url);
  if (!existsSync(main)) fail("it is not built yet; run `make build` in the repository", 70);
  const { main: run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
}

const other = isNewEnough() || process.env.GHOSTCTL_RESTARTED ? undefined : findNode();
if (isNewEnough()) await start();
else if (other) runWith(other);
else
  fail(`it needs Node ${oldest.join(".")} or later, and this is Node ${process.versions.node}`, 2);
