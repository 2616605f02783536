/** Starting ghostctl: under whatever Node is there, and into whatever pipe. */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { program, repository, temporaryFolder } from "./run.js";

const run = promisify(execFile);

test("an old Node hands over to the one of the package `node`", async () => {
  // The first Node of the machine that is not the package's; where there is none, the same one again.
  const folders = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  const environment = { ...process.env, PATH: folders.join(delimiter) };
  const { stdout } = await run("node", [program, "version", "-o", "json"], {
    env: environment,
    cwd: repository,
  });
  const [major = 0, minor = 0] = String(JSON.parse(stdout).node).split(".").map(Number);
  expect(major * 100 + minor).toBeGreaterThanOrEqual(2222);
});

test("its signals and its end go through", async () => {
  const child = spawn("node", [program, "up", "-c", "missing.json"], { cwd: repository });
  const [code] = await once(child, "close");
  expect(code).toBe(2);
});

test("a reader that goes away is no error", async () => {
  const folder = await temporaryFolder();
  const routes = Array.from({ length: 3000 }, (_, index) => ({
    name: `r${index}`,
    hostnames: ["a b"],
  }));
  await writeFile(join(folder, "ghost.json"), JSON.stringify({ version: 1, routes }));
  const child = spawn(process.execPath, [program, "check", "ghost.json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: Buffer[] = [];
  child.stderr.on("data", (piece: Buffer) => errors.push(piece));
  child.stdout.once("data", () => child.stdout.destroy());
  const [code, signal] = await once(child, "close");
  // Whether the findings were counted before the reader went is a matter of time.
  expect([0, 1]).toContain(code);
  expect(signal).toBeNull();
  expect(Buffer.concat(errors).toString("utf8")).toMatch(/^(1 file: 3000 errors\n)?$/);
});
