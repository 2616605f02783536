/** `ghostctl rollback`: serve an earlier configuration again. */

import type { HistoryEntry } from "@ghost-gateway/chaperone/control";
import type { Run } from "../command.js";
import { connect, reach } from "../control.js";
import type { ControlOptions } from "../control.js";
import { CommandFailure, exitCode, usageFailure } from "../exit.js";
import type { Io } from "../io.js";
import { renderData } from "../render/data.js";

interface Options extends ControlOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly output: "text" | "json" | "yaml";
}

export const rollback: Run<Options> = async ([word], options, io) => {
  const number = word === undefined ? undefined : numberFrom(word);
  const client = connect(options);
  const entries = await reach(client.history());
  const target = targetOf(entries, number);
  io.err.write(`${planOf(entries[0], target)}\n`);
  if (options.dryRun === true) return exitCode.fine;
  if (options.yes !== true) await confirm(io);
  const answer = await reach(client.rollback(target.number));
  if (!answer.ok) throw new CommandFailure(answer.message, exitCode.findings);
  if (options.output === "text") io.out.write(`serving number ${answer.entry.number}\n`);
  else io.out.write(renderData(answer.entry, options.output));
  return exitCode.fine;
};

function numberFrom(word: string): number {
  const number = Number(word.replace(/^generation\//, ""));
  if (Number.isInteger(number) && number > 0) return number;
  throw usageFailure(`${word}: write a number of ghostctl history`);
}

function targetOf(entries: readonly HistoryEntry[], number: number | undefined): HistoryEntry {
  const target =
    number === undefined ? entries[1] : entries.find((entry) => entry.number === number);
  if (target !== undefined) return target;
  throw usageFailure(
    number === undefined
      ? "there is nothing before what is served"
      : `there is no number ${number} in the history`,
  );
}

function planOf(now: HistoryEntry | undefined, target: HistoryEntry): string {
  const describe = ({ number, appliedAt, routes }: HistoryEntry): string =>
    `number ${number} of ${appliedAt} (${routes.count} routes)`;
  return `${now === undefined ? "nothing" : describe(now)} -> ${describe(target)}; endpoints stay as they are`;
}

async function confirm(io: Io): Promise<void> {
  if (!io.isInteractive)
    throw usageFailure("it would change what is served; say --yes, or look with --dry-run");
  const { createInterface } = await import("node:readline/promises");
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const word = await dialogue.question("go back? [y/N] ").finally(() => dialogue.close());
  if (!/^y(?:es)?$/i.test(word.trim()))
    throw new CommandFailure("nothing was changed", exitCode.findings);
}
