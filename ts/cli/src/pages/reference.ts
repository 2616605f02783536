/** The part of docs/ghostctl.md that lists every command. Pure. */

import { groups } from "../command.js";
import type { AnyCommand } from "../command.js";
import { flagsOf } from "./flags.js";
import { describe, exitStatus } from "./man.js";

export function reference(commands: readonly AnyCommand[]): string {
  const sections = groups.flatMap((group) =>
    commands.filter((command) => command.group === group).map(section),
  );
  const exits = exitStatus().map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return [
    ...sections,
    "### Exit codes\n",
    "| code | meaning |",
    "| --- | --- |",
    ...exits,
    "",
  ].join("\n");
}

function section(command: AnyCommand): string {
  const { name, summary, argument, notes } = command;
  const rows = flagsOf(command)
    .filter(({ long }) => long !== "--help")
    .map(({ spec }) => `| \`${spec.flags}\` | ${cell(describe(spec))} |`);
  return [
    `### ghostctl ${name}${argument === undefined ? "" : ` ${cell(argument.name).replaceAll("<", "\\<")}`}\n`,
    `${summary}${argument === undefined ? "" : ` Argument: ${argument.description}.`}\n`,
    ...(rows.length === 0 ? [] : ["| flag | meaning |", "| --- | --- |", ...rows, ""]),
    ...(notes === undefined ? [] : [`${notes.replaceAll("\n", " ")}\n`]),
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
