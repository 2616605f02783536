/** Completion: scripts for shells, which need no ghostctl to run, and the candidates that kubectl asks a plugin for. Pure. */

import type { AnyCommand } from "../command.js";
import { flagsOf } from "./flags.js";

const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export function isShell(text: string): text is Shell {
  return shells.some((shell) => shell === text);
}

export function completionScript(shell: Shell, commands: readonly AnyCommand[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      break;
  }
  return fish(commands);
}

/** What may stand in place of the last word. */
export function candidates(commands: readonly AnyCommand[], words: readonly string[]): string[] {
  const last = words.at(-1) ?? "";
  const [name] = words;
  const begins = (list: readonly string[]): string[] => list.filter((one) => one.startsWith(last));
  if (words.length <= 1) return begins(commands.map((command) => command.name));
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return [];
  const flags = flagsOf(command);
  const before = words.at(-2) ?? "";
  const open = flags.find(
    (flag) => flag.value !== undefined && [flag.short, flag.long].includes(before),
  );
  if (open !== undefined) return begins(open.spec.choices ?? []);
  if (last.startsWith("-"))
    return begins(
      flags.flatMap(({ short, long }) => (short === undefined ? [long] : [long, short])),
    );
  return begins(argumentsOf(command, commands));
}

/** `help` and `man` take the names of commands. */
function argumentsOf(
  { name, argument }: AnyCommand,
  commands: readonly AnyCommand[],
): readonly string[] {
  if (name === "help") return [...commands.map((command) => command.name), "errors"];
  if (name === "man") return commands.map((command) => command.name);
  return argument?.choices ?? [];
}

const heading = "made by `ghostctl completion`; do not edit";

function bash(commands: readonly AnyCommand[]): string {
  const cases = commands.flatMap((command) => {
    const flags = flagsOf(command);
    const words = flags.flatMap(({ short, long }) =>
      short === undefined ? [long] : [long, short],
    );
    const values = flags.flatMap(({ short, long, value, isPath, spec }) => {
      if (value === undefined) return [];
      const names = short === undefined ? long : `${short}|${long}`;
      const reply = spec.choices
        ? `COMPREPLY=($(compgen -W '${spec.choices.join(" ")}' -- "$word"))`
        : isPath
          ? 'COMPREPLY=($(compgen -f -- "$word"))'
          : "COMPREPLY=()";
      return [`        ${names}) ${reply}; return ;;`];
    });
    const plain = argumentsOf(command, commands);
    const rest =
      plain.length > 0
        ? `COMPREPLY=($(compgen -W '${plain.join(" ")}' -- "$word"))`
        : 'COMPREPLY=($(compgen -f -- "$word"))';
    return [
      `    ${command.name})`,
      ...(values.length > 0 ? ['      case "$before" in', ...values, "      esac"] : []),
      `      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '${words.join(" ")}' -- "$word")); else ${rest}; fi ;;`,
    ];
  });
  return [
    `# bash completion for ghostctl; ${heading}`,
    "_ghostctl() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
    "  if [[ $COMP_CWORD -eq 1 ]]; then",
    `    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(" ")}' -- "$word"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    "}",
    "complete -o filenames -F _ghostctl ghostctl",
    "",
  ].join("\n");
}

function zsh(commands: readonly AnyCommand[]): string {
  const quote = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, (one) => `\\${one}`);
  const cases = commands.flatMap((command) => {
    const flags = flagsOf(command).map(({ short, long, value, isPath, spec }) => {
      const names = short === undefined ? long : `{${short},${long}}`;
      const action = spec.choices ? `(${spec.choices.join(" ")})` : isPath ? "_files" : "";
      const taken = value === undefined ? "" : `:${value.replaceAll(/[<>[\]:]/g, "")}:${action}`;
      const many = spec.isRepeated ? "*" : "";
      return short === undefined
        ? `      '${many}${names}[${quote(spec.description)}]${taken}' \\`
        : `      '${many}'${names}'[${quote(spec.description)}]${taken}' \\`;
    });
    const plain = argumentsOf(command, commands);
    return [
      `    ${command.name}) _arguments \\`,
      ...flags,
      `      '*:argument:${plain.length > 0 ? `(${plain.join(" ")})` : "_files"}' ;;`,
    ];
  });
  return [
    "#compdef ghostctl",
    `# ${heading}`,
    "_ghostctl() {",
    "  local -a commands=(",
    ...commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`),
    "  )",
    "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
    '  local command="$words[2]"',
    "  shift words; (( CURRENT-- ))",
    '  case "$command" in',
    ...cases,
    "  esac",
    "}",
    '_ghostctl "$@"',
    "",
  ].join("\n");
}

function fish(commands: readonly AnyCommand[]): string {
  const quote = (text: string): string => `'${text.replaceAll(/['\\]/g, (one) => `\\${one}`)}'`;
  const lines = commands.flatMap((command) => {
    const { name, summary } = command;
    const here = `__fish_seen_subcommand_from ${name}`;
    const plain = argumentsOf(command, commands);
    return [
      `complete -c ghostctl -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...(plain.length > 0
        ? [`complete -c ghostctl -n ${quote(here)} -f -a ${quote(plain.join(" "))}`]
        : []),
      ...flagsOf(command).map(({ short, long, value, isPath, spec }) => {
        const words = [
          ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
          `-l ${long.slice(2)}`,
          ...(value === undefined
            ? []
            : [isPath ? "-r -F" : spec.choices ? `-x -a ${quote(spec.choices.join(" "))}` : "-x"]),
        ];
        return `complete -c ghostctl -n ${quote(here)} ${words.join(" ")} -d ${quote(spec.description)}`;
      }),
    ];
  });
  return [`# fish completion for ghostctl; ${heading}`, ...lines, ""].join("\n");
}
