// A container's output: written line by line with the time, read back as the kubelet's API asks.

import { createReadStream, createWriteStream, existsSync, watch, type WriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";

/** A line longer than this is kept in pieces; a log larger than this takes no more. */
const longestLine = 256 * 1024;
const largestLog = 64 * 1024 * 1024;

export class LogWriter {
  readonly #file: WriteStream;
  #written = 0;

  constructor(path: string) {
    this.#file = createWriteStream(path, { flags: "a" });
  }

  /** Each line is in the file as soon as it is whole: readers look at any time. */
  follow(stream: Readable, name: "stdout" | "stderr"): void {
    let rest = "";
    const take = (chunk: string, isLast: boolean) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > longestLine || (isLast && rest !== "")) {
        lines.push(rest);
        rest = "";
      }
      const now = new Date().toISOString();
      this.#write(lines.map((line) => `${now} ${name} ${line}\n`).join(""));
    };
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => take(chunk, false));
    stream.on("end", () => take("", true));
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#file.end(resolve);
    });
  }

  #write(text: string): void {
    if (text === "" || this.#written > largestLog) return;
    this.#written += text.length;
    this.#file.write(text);
  }
}

export interface LogQuery {
  readonly since?: Date;
  readonly tail?: number;
  readonly limitBytes?: number;
  readonly timestamps: boolean;
  readonly stream: "All" | "Stdout" | "Stderr";
}

function shown(line: string, query: LogQuery): string | undefined {
  const [time = "", stream = ""] = line.split(" ", 2);
  if (query.since && new Date(time) < query.since) return undefined;
  if (query.stream !== "All" && stream !== query.stream.toLowerCase()) return undefined;
  const text = line.slice(time.length + stream.length + 2);
  return query.timestamps ? `${time} ${text}\n` : `${text}\n`;
}

/** What the log holds now, and the place up to which it was read. */
export async function readLog(
  path: string,
  query: LogQuery,
): Promise<{ text: string; end: number }> {
  if (!existsSync(path)) return { text: "", end: 0 };
  const { size } = await stat(path);
  if (size === 0) return { text: "", end: 0 };
  const lines: string[] = [];
  const input = createReadStream(path, { end: size - 1 });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const text = shown(line, query);
    if (text === undefined) continue;
    lines.push(text);
    if (query.tail !== undefined && lines.length > query.tail) lines.shift();
  }
  const text = lines.join("");
  return {
    text: query.limitBytes === undefined ? text : text.slice(0, query.limitBytes),
    end: size,
  };
}

/** How long a follower waits before it asks again whether the log is still written. */
const pauseMs = 250;

/** What is written from `start` on, until nobody writes any more or the signal fires. */
export async function* followLog(
  path: string,
  start: number,
  query: LogQuery,
  isWritten: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const file = await open(path, "r");
  const watcher = watch(path, { signal });
  let wake: () => void = () => undefined;
  watcher.on("change", () => wake());
  watcher.on("error", () => wake());
  signal.addEventListener("abort", () => wake());
  let position = start;
  let rest = "";
  try {
    while (!signal.aborted) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      // Asked before the read: what was written until then is read in any case.
      const isOver = !isWritten();
      const { buffer, bytesRead } = await file.read({ position });
      if (bytesRead === 0) {
        if (isOver) return;
        await Promise.race([changed, sleep(pauseMs, undefined, { ref: false })]);
        continue;
      }
      position += bytesRead;
      const lines = (rest + buffer.toString("utf8", 0, bytesRead)).split("\n");
      rest = lines.pop() ?? "";
      const text = lines.map((line) => shown(line, query) ?? "").join("");
      if (text !== "") yield text;
    }
  } finally {
    watcher.close();
    await file.close();
  }
}
