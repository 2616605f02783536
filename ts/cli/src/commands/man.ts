/** `ghostctl man`: a manual page, made from the table of commands. */

import type { Run } from "../command.js";
import { commands } from "../commands.js";
import { exitCode, usageFailure } from "../exit.js";
import { commandPage, programPage } from "../pages/man.js";

type Options = Readonly<Record<string, never>>;

export const man: Run<Options> = async ([name], _options, io) => {
  const command = commands.find((one) => one.name === name);
  if (name !== undefined && command === undefined)
    throw usageFailure(`there is no command ${name}`);
  io.out.write(command === undefined ? programPage(commands) : commandPage(command));
  return exitCode.fine;
};
