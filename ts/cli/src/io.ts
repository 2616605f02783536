/** The two streams of a command: data on one, words on the other. */

import { styleText } from "node:util";

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
  readonly environment: NodeJS.ProcessEnv;
}

/** The process's own streams. A reader that goes away, as `head` does, ends the program and is no error. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  const { CI } = process.env;
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    isInteractive:
      process.stdin.isTTY &&
      process.stdout.isTTY &&
      (CI === undefined || CI === "" || CI === "false"),
    environment: process.env,
  };
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
