/** Entry of ghostctl: words in, exit code out. */

import { commands } from "./commands.js";
import { CommandFailure, exitCode } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { processIo } from "./io.js";
import { runProgram } from "./program.js";
import { printable } from "./render/printable.js";

/** Runs ghostctl with these words in place of the command line's. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const io = processIo();
  try {
    return await runProgram(commands, words, io);
  } catch (error) {
    if (error instanceof CommandFailure) {
      io.err.write(`${io.err.paint("red", "error:")} ${printable(error.message)}\n`);
      return error.exitCode;
    }
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.err.write(
      `${io.err.paint("red", "bug:")} ghostctl failed in a way it should not. Please report this:\n${printable(trace)}\n`,
    );
    return exitCode.bug;
  }
}
