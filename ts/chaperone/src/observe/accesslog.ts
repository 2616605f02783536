/**
 * The access log: varnishncsa beside the engine, a JSON object a line, appended to a file.
 *
 * It reads the engine's shared memory, so it costs the requests nothing and no request waits for it.
 */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { identify } from "../engine/identity.js";
import { readIdentity } from "../engine/owner.js";
import { gone, signalTo, withSystemFolders } from "../engine/process.js";

/** The words of a decision's log lines, in varnishncsa's. Its `-j` writes every value as JSON. */
export const accessFormat: string =
  '{"time":"%{%FT%TZ}t","client":"%h","method":"%m","host":"%{Host}i","url":"%U%q","protocol":"%H","status":%s,' +
  '"bytes":%b,"seconds":%{Varnish:time_firstbyte}x,"handling":"%{Varnish:handling}x","userAgent":"%{User-Agent}i"}';

export interface AccessLogOptions {
  readonly file: string;
  /** Of the engine (`-n`). */
  readonly workDirectory: string;
  readonly program?: string;
  /** Says which process writes, for the chaperone that comes after one that was killed. */
  readonly record: string;
  readonly onFailure: (message: string) => void;
  /** Milliseconds before it is started again: it ends with each engine. */
  readonly pause?: number;
}

/** Writes until the function that comes back is called; that resolves when everything is written. */
export function writeAccessLog(options: AccessLogOptions): () => Promise<void> {
  const { file, workDirectory, program = "varnishncsa", record, onFailure, pause = 1000 } = options;
  // Waits for an engine that is not there yet; -a appends.
  const words = ["-n", workDirectory, "-t", "off", "-j", "-a", "-w", file, "-F", accessFormat];
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let hasFailed = false;
  let ended = endLeftOver(record);
  const start = (): void => {
    if (isOver) return;
    const started = spawn(program, words, {
      stdio: "ignore",
      env: withSystemFolders(process.env),
    });
    child = started;
    started.once("spawn", () => void writeRecord(record, started.pid));
    ended = new Promise((resolve) => {
      started.once("error", (error) => {
        if (!hasFailed) onFailure(`the access log is not written: ${error.message}`);
        hasFailed = true;
        resolve();
      });
      started.once("exit", () => resolve());
    });
    void ended.then(() => {
      if (!isOver) timer = setTimeout(start, pause);
    });
  };
  void ended.then(start);
  return async () => {
    isOver = true;
    clearTimeout(timer);
    child?.kill("SIGTERM");
    await ended;
    await rm(record, { force: true });
  };
}

/** Two that write would write every line twice. */
async function endLeftOver(record: string): Promise<void> {
  const identity = readIdentity(await readFile(record, "utf8").catch(() => "null"));
  if (identity === undefined) return;
  await signalTo(identity, "SIGTERM");
  await gone(identity);
}

async function writeRecord(record: string, pid: number | undefined): Promise<void> {
  const identity = pid === undefined ? undefined : await identify(pid);
  if (identity !== undefined) await writeFile(record, JSON.stringify(identity), { mode: 0o600 });
}
