/** The two streams of a command: data on one, words on the other. */

import { styleText } from "node:util";
import { exitCode } from "./exit.js";

export type Style = Parameters<typeof styleText>[0];

/** A stream that knows whether to colour. */
export interface Output {
  readonly write: (text: string) => void;
  /** Colours text where the stream is a terminal and neither NO_COLOR nor TERM=dumb forbids it. */
  readonly paint: (style: Style, text: string) => string;
}

export interface Io {
  /** Data. */
  readonly out: Output;
  /** Words. */
  readonly err: Output;
  /** Whether somebody sits at both ends. */
  readonly isInteractive: boolean;
  /** Whether somebody watches the words, so that a line may be written over. */
  readonly isWatched: boolean;
  /** Columns of the terminal; where there is none, what COLUMNS says, else 100. */
  readonly width: number;
  readonly environment: NodeJS.ProcessEnv;
}

/** The process's own streams. A reader that goes away, as `head` does, ends the program and is no error. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      // A full disk, most of the time. Words may go the same way, so the exit code has to say it.
      process.exitCode = exitCode.unreachable;
      if (stream === process.stdout)
        process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
      process.exit();
    });
  const { CI } = process.env;
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    isInteractive: process.stdin.isTTY && process.stdout.isTTY && !isAutomatic(CI),
    isWatched: process.stderr.isTTY && !isAutomatic(CI) && process.env["TERM"] !== "dumb",
    width: widthOf(process.stdout.columns, process.env["COLUMNS"]),
    environment: process.env,
  };
}

function isAutomatic(CI: string | undefined): boolean {
  return CI !== undefined && CI !== "" && CI !== "false";
}

function widthOf(columns: number | undefined, said: string | undefined): number {
  const width = columns ?? Number(said);
  return Number.isInteger(width) && width >= 20 ? width : 100;
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // Node lets FORCE_COLOR win over NO_COLOR; here whoever wants no colours gets none.
  const { NO_COLOR = "", TERM } = process.env;
  const isPlain = NO_COLOR !== "" || TERM === "dumb";
  return {
    write: (text) => void stream.write(text),
    paint: (style, text) => (isPlain ? text : styleText(style, text, { stream })),
  };
}
