/** Entry of ghostctl: words in, exit code out. */

import { basename } from "node:path";
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
    const name = calledAs(io.environment);
    if (name === "kubectl_complete-ghost") {
      const { candidates } = await import("./pages/completion.js");
      io.out.write([...candidates(commands, words), ":4", ""].join("\n"));
      return exitCode.fine;
    }
    return await runProgram(
      commands,
      words,
      io,
      name === "kubectl-ghost" ? "kubectl ghost" : "ghostctl",
    );
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

/** The name that the program was started by: a link called kubectl-ghost makes it a plugin of kubectl. */
function calledAs({ GHOSTCTL_NAME }: NodeJS.ProcessEnv): string {
  return GHOSTCTL_NAME ?? basename(process.argv[1] ?? "", ".js");
}
