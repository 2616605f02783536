/** What a command is: its words for the parser and for help, and where its work is. Light, so that help is quick. */

import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";

export interface OptionSpec {
  /** As commander reads them: `-o, --output <format>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** May be given more than once; the value is then a list. */
  readonly isRepeated?: boolean;
}

export interface Example {
  readonly command: string;
  /** What it is good for, in a few words. */
  readonly says: string;
}

/** What a command does. `Options` are the parsed flags by their camelCase names. */
export type Run<Options> = (
  words: readonly string[],
  options: Options,
  io: Io,
) => Promise<ExitCode>;

/** Headings under which help lists commands, in this order. */
export const groups = ["Ask", "Check", "Run", "Other"] as const;

export interface CommandSpec<Options> {
  readonly name: string;
  readonly group: (typeof groups)[number];
  readonly summary: string;
  readonly argument?: {
    readonly name: string;
    readonly description: string;
    readonly choices?: readonly string[];
  };
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Further paragraphs of help. */
  readonly notes?: string;
  /** Loads the work when it is to be done. */
  readonly load: () => Promise<Run<Options>>;
}

/** What the parser found. */
export interface Parsed {
  readonly words: readonly string[];
  /** Flags by their camelCase names. */
  readonly options: unknown;
}

/** A command whose options are known to its own module alone. */
export interface AnyCommand extends Omit<CommandSpec<unknown>, "load"> {
  readonly run: (parsed: Parsed, io: Io) => Promise<ExitCode>;
}

/** Hides the type of a command's options. */
export function defineCommand<Options>({ load, ...spec }: CommandSpec<Options>): AnyCommand {
  return {
    ...spec,
    run: async ({ words, options }, io) => {
      const work = await load();
      // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the parser fills in what this very entry declares
      return work(words, options as Options, io);
    },
  };
}
