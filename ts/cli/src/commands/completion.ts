/** `ghostctl completion`: a script for the shell, made from the table of commands. */

import type { Run } from "../command.js";
import { commands } from "../commands.js";
import { exitCode, usageFailure } from "../exit.js";
import { completionScript, isShell } from "../pages/completion.js";

type Options = Readonly<Record<string, never>>;

export const completion: Run<Options> = async ([shell = ""], _options, io) => {
  if (!isShell(shell))
    throw usageFailure(`there is no completion for ${shell}; write bash, zsh or fish`);
  io.out.write(completionScript(shell, commands));
  return exitCode.fine;
};
