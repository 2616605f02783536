/** Flags taken apart: `-o, --output <format>`. Pure. */

import type { AnyCommand, OptionSpec } from "../command.js";

export interface Flag {
  readonly short: string | undefined;
  readonly long: string;
  /** What stands for the value: `<format>`; undefined for a switch. */
  readonly value: string | undefined;
  /** Whether the value is a path. */
  readonly isPath: boolean;
  readonly spec: OptionSpec;
}

const paths = new Set(["<file>", "<path>", "<folder>", "<program>", "<configuration>"]);

export function flagOf(spec: OptionSpec): Flag {
  const [, short, long = "", value] = /^(?:(-\w), )?(--[\w-]+)(?: (.+))?$/.exec(spec.flags) ?? [];
  return { short, long, value, isPath: value !== undefined && paths.has(value), spec };
}

export function flagsOf({ options }: AnyCommand): Flag[] {
  const help = { flags: "-h, --help", description: "show help" };
  return [...options, help].map(flagOf);
}
