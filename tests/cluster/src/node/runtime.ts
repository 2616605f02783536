// crun, without cgroups: starts a container from a bundle, runs further commands in it, tells how it ended.

import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../network/commands.ts";
import { LogWriter } from "./log-file.ts";

/** The rest of the machine has its own containers: ours are known only here. */
const runtime = ["--cgroup-manager=disabled", "--root=/run/containers"];

export interface Exit {
  readonly code: number;
  /** Set when a signal ended it. */
  readonly signal?: number;
}

export interface RunningContainer {
  readonly id: string;
  readonly ended: Promise<Exit>;
  readonly kill: (signal: string) => Promise<void>;
}

export interface ExecResult {
  readonly code: number;
  readonly output: string;
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  // As shells have it, the runtime adds 128 to the number of the signal that ended its container.
  if (code !== null) return code > 128 && code < 160 ? { code, signal: code - 128 } : { code };
  return { code: signal === "SIGKILL" ? 137 : 143 };
}

/** The layer for writes over an image's files; both vanish with the container. */
export async function mountRoot(folder: string, lower: string): Promise<string> {
  const names = ["upper", "work", "root"];
  for (const name of names) {
    await rm(`${folder}/${name}`, { recursive: true, force: true });
    await mkdir(`${folder}/${name}`, { recursive: true, mode: 0o755 });
  }
  const options = `lowerdir=${lower},upperdir=${folder}/upper,workdir=${folder}/work`;
  await run("mount", ["-t", "overlay", "overlay", "-o", options, `${folder}/root`]);
  return `${folder}/root`;
}

export async function unmountRoot(folder: string): Promise<void> {
  if (existsSync(`${folder}/root`)) {
    await run("umount", ["-l", `${folder}/root`]).catch((error: unknown) => {
      if (!String(error).includes("not mounted")) throw error;
    });
  }
  await rm(folder, { recursive: true, force: true });
}

/** The container's first process, once the runtime has made it; nothing when the container never came to be. */
async function firstProcess(file: string, child: ChildProcess): Promise<number | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return Number(text);
    await sleep(5);
  }
  const text = await readFile(file, "utf8").catch(() => "");
  return text === "" ? undefined : Number(text);
}

/** Rejects with what the runtime said when the container cannot be started at all. */
export async function startContainer(
  id: string,
  folder: string,
  bundle: unknown,
  log: string,
): Promise<RunningContainer> {
  await writeFile(`${folder}/config.json`, JSON.stringify(bundle));
  const pidFile = `${folder}/pid`;
  await rm(pidFile, { force: true });
  const args = [
    ...runtime,
    "--log",
    `${folder}/runtime.log`,
    "run",
    "--bundle",
    folder,
    "--pid-file",
    pidFile,
    id,
  ];
  const child = spawn("crun", args, { stdio: ["ignore", "pipe", "pipe"] });
  const writer = new LogWriter(log);
  writer.follow(child.stdout, "stdout");
  writer.follow(child.stderr, "stderr");
  const ended = new Promise<Exit>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      void writer.close().then(() => resolve(exitOf(code, signal)));
    });
  });
  ended.catch(() => undefined);
  const pid = await firstProcess(pidFile, child);
  if (pid === undefined) {
    await ended;
    const reason = await readFile(`${folder}/runtime.log`, "utf8").catch(() => "");
    throw new Error(reason.trim() || "the runtime gave no reason");
  }
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    id,
    ended,
    kill: async (signal) => {
      // The runtime checks that the process is still the container's.
      await run("crun", [...runtime, "kill", id, signal]).catch((error: unknown) => {
        if (!isOver() && !/not running|does not exist|No such/.test(String(error))) throw error;
      });
    },
  };
}

const longestOutput = 64 * 1024;

/** Runs a process (of the runtime specification) beside a container's own; the signal ends it. */
export async function execute(
  id: string,
  process: unknown,
  folder: string,
  signal: AbortSignal,
): Promise<ExecResult> {
  const file = `${folder}/exec-${randomBytes(8).toString("hex")}.json`;
  await writeFile(file, JSON.stringify(process));
  const child = spawn("crun", [...runtime, "exec", "--process", file, id], {
    stdio: ["ignore", "pipe", "pipe"],
    signal,
    killSignal: "SIGKILL",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      if (output.length < longestOutput) output += chunk;
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 137));
  }).finally(() => void rm(file, { force: true }));
  return { code, output };
}
