/** The command table as a commander program. Everything about commander is in this file. */

import { Argument, Command, CommanderError, Option } from "commander";
import { groups } from "./command.js";
import type { AnyCommand, OptionSpec, Parsed } from "./command.js";
import { exitCode } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";

const introduction = `Ghost decides where an HTTP request goes. ghostctl asks it, checks its files, and runs it.

Examples:
  $ ghostctl check ghost.json
  $ ghostctl simulate http://shop.example.com/cart
  $ ghostctl diff old.json ghost.json
  $ ghostctl up -c ghost.json
`;

/** Parses the words and runs the command they name. `name` is what the program is called, as in `kubectl ghost`. */
export async function runProgram(
  commands: readonly AnyCommand[],
  words: readonly string[],
  io: Io,
  name = "ghostctl",
): Promise<ExitCode> {
  let result: ExitCode = exitCode.fine;
  const program = new Command(name);
  program
    .addHelpText("before", renamed(introduction, name))
    .exitOverride()
    .configureHelp({ helpWidth: io.width })
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHelpWidth: () => io.width,
      getErrHelpWidth: () => io.width,
    })
    .helpCommand(false);
  for (const group of groups)
    for (const command of commands.filter((one) => one.group === group))
      add(program, command, name, async (parsed) => {
        result = await (pageAskedFor(program, command, parsed) ?? command.run(parsed, io));
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

/** `help` and `help COMMAND` are the parser's; other topics are the command's own. */
function pageAskedFor(
  program: Command,
  { name }: AnyCommand,
  { words }: Parsed,
): Promise<ExitCode> | undefined {
  if (name !== "help") return undefined;
  const [topic] = words;
  const page = topic === undefined ? program : program.commands.find((one) => one.name() === topic);
  if (page === undefined) return undefined;
  page.outputHelp();
  return Promise.resolve(exitCode.fine);
}

type Action = (parsed: Parsed) => Promise<void>;

function add(program: Command, spec: AnyCommand, name: string, action: Action): void {
  const command = program
    .command(spec.name)
    .helpGroup(`${spec.group}:`)
    .summary(spec.summary)
    .addHelpText("before", renamed(heading(spec), name));
  if (spec.argument !== undefined) addArguments(command, spec.argument);
  for (const option of spec.options) command.addOption(optionOf(option));
  if (spec.notes !== undefined) command.addHelpText("after", `\n${renamed(spec.notes, name)}`);
  command.action(async () => action({ words: command.args, options: command.opts() }));
}

/** `<before> <after>` is two arguments, of which the first carries the description. */
function addArguments(
  command: Command,
  { name, description, choices }: NonNullable<AnyCommand["argument"]>,
): void {
  const names = name.match(/<[^>]+>|\[[^\]]+\]/g) ?? [];
  for (const [index, one] of names.entries()) {
    const argument = new Argument(one, index === 0 ? description : undefined);
    if (choices !== undefined) argument.choices(choices);
    command.addArgument(argument);
  }
}

/** As a plugin of kubectl it is called in another way. */
function renamed(text: string, name: string): string {
  return name === "ghostctl" ? text : text.replaceAll("$ ghostctl ", `$ ${name} `);
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
