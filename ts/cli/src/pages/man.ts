/** Manual pages in man(7)'s language. Pure. */

import { groups } from "../command.js";
import type { AnyCommand } from "../command.js";
import { flagsOf } from "./flags.js";

/** Without a date, so that the same table gives the same page. */
function head(title: string): string {
  return `.TH ${title} 1 "" "ghostctl" "Ghost"`;
}

/** A line that begins with a dot or an apostrophe would be a request; a dash in an option is a minus. */
function text(words: string): string {
  const escaped = words.replaceAll("\\", "\\e").replaceAll("-", "\\-");
  return escaped.replaceAll(/^([.'])/gm, "\\&$1");
}

const exits: readonly (readonly [string, string])[] = [
  ["0", "fine"],
  ["1", "findings or differences"],
  ["2", "asked in a way that cannot be answered"],
  ["3", "somebody cannot be reached, or output cannot be written"],
  ["4", "timed out"],
  ["70", "a bug of ghostctl"],
  ["130", "interrupted; what was done until then was printed"],
];

export function exitStatus(): readonly (readonly [string, string])[] {
  return exits;
}

export function programPage(commands: readonly AnyCommand[]): string {
  const listed = groups.flatMap((group) => [
    `.SS ${group}`,
    ...commands
      .filter((command) => command.group === group)
      .flatMap(({ name, summary }) => [".TP", `.B ghostctl ${text(name)}`, text(summary)]),
  ]);
  return [
    head("GHOSTCTL"),
    ".SH NAME",
    text("ghostctl - ask where an HTTP request goes, and why"),
    ".SH SYNOPSIS",
    ".B ghostctl",
    "COMMAND [OPTIONS]",
    ".SH COMMANDS",
    ...listed,
    ".SH EXIT STATUS",
    ...exits.flatMap(([code, meaning]) => [".TP", `.B ${code}`, text(meaning)]),
    ".SH ENVIRONMENT",
    ".TP",
    ".B NO_COLOR",
    "no colours",
    ".TP",
    ".B COLUMNS",
    "width of output that is no terminal",
    ".TP",
    ".B GHOST_CORE",
    text("napi or wasm: the engine of the core"),
    ".TP",
    ".B GHOST_VMOD, GHOST_VCL",
    text("where libvmod_ghost.so and ghost.vcl are"),
    ".SH SEE ALSO",
    commands.map(({ name }) => `.BR ghostctl\\-${text(name)} (1)`).join(",\n"),
    "",
  ].join("\n");
}

export function commandPage(command: AnyCommand): string {
  const { name, summary, argument, examples, notes } = command;
  const flags = flagsOf(command).flatMap(({ short, long, value, spec }) => [
    ".TP",
    `.B ${text([short, long].filter(Boolean).join(", "))}${value === undefined ? "" : ` ${text(value)}`}`,
    text(describe(spec)),
  ]);
  return [
    head(`GHOSTCTL\\-${text(name.toUpperCase())}`),
    ".SH NAME",
    `ghostctl\\-${text(name)} \\- ${text(summary.replace(/\.$/, ""))}`,
    ".SH SYNOPSIS",
    `.B ghostctl ${text(name)}`,
    `[OPTIONS]${argument === undefined ? "" : ` ${text(argument.name)}`}`,
    ".SH EXAMPLES",
    ...examples.flatMap((example) => [
      ".PP",
      `${text(example.says)}:`,
      ".PP",
      ".EX",
      text(`$ ${example.command}`),
      ".EE",
    ]),
    ...(argument === undefined
      ? []
      : [".SH ARGUMENTS", ".TP", `.B ${text(argument.name)}`, text(argument.description)]),
    ".SH OPTIONS",
    ...flags,
    ...(notes === undefined
      ? []
      : [".SH NOTES", ...notes.split("\n").flatMap((line) => [".PP", text(line)])]),
    ".SH SEE ALSO",
    ".BR ghostctl (1)",
    "",
  ].join("\n");
}

export function describe({
  description,
  choices,
  default: fallback,
}: AnyCommand["options"][number]): string {
  const extra = [
    ...(choices === undefined ? [] : [choices.join(", ")]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  return extra.length === 0 ? description : `${description} (${extra.join("; ")})`;
}
