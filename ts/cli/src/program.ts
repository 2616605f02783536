/** The command table as a commander program. Everything about commander is in this file. */

import { Command, CommanderError, Option } from "commander";
import type { AnyCommand, OptionSpec, Parsed } from "./command.js";
import { exitCode } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";

const introduction = `Ghost decides where an HTTP request goes. ghostctl asks it, checks its files, and runs it.

Examples:
  $ ghostctl check ghost.json
  $ ghostctl simulate http://shop.example.com/cart
  $ ghostctl up -c ghost.json
`;

/** Parses the words and runs the command they name. */
export async function runProgram(
  commands: readonly AnyCommand[],
  words: readonly string[],
  io: Io,
): Promise<ExitCode> {
  let result: ExitCode = exitCode.fine;
  const program = new Command("ghostctl");
  program
    .addHelpText("before", introduction)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
    })
    .helpCommand("help [command]", "show help for a command");
  for (const command of commands)
    add(program, command, async (parsed) => {
      result = await command.run(parsed, io);
    });
  try {
    await program.parseAsync(words, { from: "user" });
    return result;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for ends well; help in place of a missing command does not.
    return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
  }
}

type Action = (parsed: Parsed) => Promise<void>;

function add(program: Command, spec: AnyCommand, action: Action): void {
  const command = program
    .command(spec.name)
    .summary(spec.summary)
    .addHelpText("before", heading(spec));
  if (spec.argument !== undefined) command.argument(spec.argument.name, spec.argument.description);
  for (const option of spec.options) command.addOption(optionOf(option));
  if (spec.notes !== undefined) command.addHelpText("after", `\n${spec.notes}`);
  command.action(async () => action({ words: command.args, options: command.opts() }));
}

/** Examples first: most people read no further. */
function heading({ summary, examples }: AnyCommand): string {
  const lines = examples.map(({ command, says }) => `  # ${says}\n  $ ${command}`);
  return `${summary}\n\nExamples:\n${lines.join("\n")}\n`;
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.isRepeated)
    option.argParser((value: string, before: readonly string[] | undefined) => [
      ...(before ?? []),
      value,
    ]);
  return option;
}
