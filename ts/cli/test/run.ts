/** Runs ghostctl as people do, in a process of its own, and shows everything that came of it. */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const program: string = fileURLToPath(new URL("../bin/ghostctl.js", import.meta.url));
export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs to the end. No terminal, no colours, unless the environment says otherwise. */
export function ghostctl(
  words: readonly string[],
  { folder = repository, environment = {} }: RunOptions = {},
): Promise<Ran> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pieces = { out: "", err: "" };
  child.stdout.on("data", (piece: Buffer) => (pieces.out += piece.toString("utf8")));
  child.stderr.on("data", (piece: Buffer) => (pieces.err += piece.toString("utf8")));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...pieces })));
}

/** Exit code and both streams in one text, without what differs between machines. */
export function show({ code, out, err }: Ran): string {
  const text = `exit ${code}\n--- out\n${out}--- err\n${err}`;
  return text.replaceAll(repository, "REPOSITORY/").replaceAll(/\/\S*ghost-test-\w+/g, "FOLDER");
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ghost-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
