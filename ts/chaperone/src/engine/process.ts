/**
 * The varnishd process: started or taken over, its log read line by line, its end awaited. Knows nothing of what it is told to do.
 *
 * The log goes through a named pipe, so that a chaperone that comes later can read on where the one before died; until then
 * varnishd's lines are lost and varnishd is not held up.
 */

import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { close, constants, open } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { identify, isRunning } from "./identity.js";
import type { ProcessIdentity } from "./identity.js";

/** How the process ended; both null where it was started by another. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EngineProcess {
  readonly identity: ProcessIdentity;
  /** Settles when the process has ended and its log is read. */
  readonly exited: Promise<EngineExit>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Milliseconds between two looks at a process that is not our child. */
const lookInterval = 100;
/** Milliseconds for the rest of the log, once the process has ended: a child that is left over holds it open. */
const logPatience = 1000;
/** Longest line of the log that is kept whole, in bytes: a panic's message is a few kilobytes. */
const longestLine = 64 << 10;

const run = promisify(execFile);
// Plain numbers: a FileHandle would close its file when it is collected, and the socket and the child go on using it.
const openFile = promisify(open);
const closeFile = promisify(close);

/** Starts varnishd. Rejects when there is no such program; `onLine` gets each line of its log. */
export async function startEngine(
  command: string,
  words: readonly string[],
  logPipe: string,
  onLine: (line: string) => void,
): Promise<EngineProcess> {
  await rm(logPipe, { force: true });
  await run("mkfifo", ["-m", "600", logPipe]);
  const reader = await openReader(logPipe);
  const writer = await openFile(logPipe, constants.O_WRONLY);
  const logEnded = readLines(reader, onLine);
  try {
    // A group of its own: Ctrl-C at the terminal is for us, and we drain before the engine ends.
    const child = spawn(command, words, {
      stdio: ["ignore", writer, writer],
      detached: true,
      env: withSystemFolders(process.env),
    });
    const closed = new Promise<EngineExit>((resolve) =>
      child.once("exit", (code, signal) => resolve({ code, signal })),
    );
    const pid = await spawned(child);
    const identity = (await identify(pid)) ?? { pid, startTime: -1 };
    const exited = closed.then(async (exit) => {
      await Promise.race([logEnded, delay(logPatience)]);
      return exit;
    });
    return { identity, exited, kill: (signal) => void signalTo(identity, signal) };
  } finally {
    await closeFile(writer);
  }
}

/** Takes over a varnishd that another program started and that reads its orders from us now. */
export async function adoptEngine(
  identity: ProcessIdentity,
  logPipe: string,
  onLine: (line: string) => void,
): Promise<EngineProcess> {
  const reader = await openReader(logPipe).catch(() => undefined);
  const logEnded = reader === undefined ? Promise.resolve() : readLines(reader, onLine);
  const exited = gone(identity).then(async () => {
    await Promise.race([logEnded, delay(logPatience)]);
    return { code: null, signal: null };
  });
  return { identity, exited, kill: (signal) => void signalTo(identity, signal) };
}

/** Sends a signal to this very process, which leads a group of its own, never to one that was given its number later. */
export async function signalTo(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(identity))) return;
  try {
    // Killed together with its child, which would hold the sockets for as long as it takes it to notice.
    process.kill(signal === "SIGKILL" ? -identity.pid : identity.pid, signal);
  } catch {
    // It ended in this moment.
  }
}

/** Resolves when the process is no more. */
export async function gone(identity: ProcessIdentity): Promise<void> {
  while (await isRunning(identity)) await delay(lookInterval);
}

/** Not blocking: a pipe that nobody writes to opens at once. */
async function openReader(path: string): Promise<Socket> {
  const fd = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

function readLines(reader: Socket, onLine: (line: string) => void): Promise<void> {
  createInterface({ input: reader, crlfDelay: Infinity }).on("line", (line) =>
    onLine(line.slice(0, longestLine)),
  );
  return new Promise((resolve) => {
    reader.once("close", () => resolve());
    reader.on("error", () => reader.destroy());
  });
}

/** varnishd is a program for administrators, whose folders are not in everybody's PATH. */
export function withSystemFolders(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...environment,
    PATH: [environment["PATH"], "/usr/local/sbin", "/usr/sbin"].filter((part) => part).join(":"),
  };
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", reject);
  });
}
