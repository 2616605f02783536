/** How ghostctl ends, and the errors that carry such an end. */

export const exitCode = {
  fine: 0,
  /** Findings or differences. */
  findings: 1,
  /** Asked in a way that cannot be answered, a file that does not exist included. */
  usage: 2,
  unreachable: 3,
  timedOut: 4,
  /** By Ctrl-C, as shells say it; what was done until then is printed. */
  interrupted: 130,
  /** Our mistake. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends the program with a sentence on standard error instead of a stack. */
export class CommandFailure extends Error {
  override readonly name: string = "CommandFailure";
  readonly exitCode: ExitCode;

  constructor(message: string, code: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = code;
  }
}

/** Asked in a way that cannot be answered. */
export function usageFailure(message: string, options?: ErrorOptions): CommandFailure {
  return new CommandFailure(message, exitCode.usage, options);
}
