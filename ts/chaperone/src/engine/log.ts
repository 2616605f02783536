/** What varnishd says on its standard error, line by line. Pure. */

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface EngineLogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** What became of the child process, where the line tells. */
  readonly child?: "started" | "died" | "panicked";
}

const levels: Readonly<Record<string, LogLevel>> = {
  Debug: "debug",
  Info: "info",
  Warning: "warn",
  Error: "error",
};

const children: readonly (readonly [RegExp, NonNullable<EngineLogLine["child"]>])[] = [
  [/^Child \(\d+\) Started/, "started"],
  [/^Child \(\d+\) (died|not responding)/, "died"],
  [/^Child \(\d+\) (Panic|Last panic)/, "panicked"],
];

/** Reads a line. Lines without a level are parts of longer messages and are passed on as information. */
export function readLogLine(line: string): EngineLogLine {
  const [, word = "", rest = line] = /^(Debug|Info|Warning|Error): (.*)$/s.exec(line) ?? [];
  const child = children.find(([pattern]) => pattern.test(rest))?.[1];
  const entry = { level: levels[word] ?? "info", message: printable(withoutSecrets(rest)) };
  return child === undefined ? entry : { ...entry, child };
}

/** Panic messages quote requests: credentials in them are nobody's business. */
function withoutSecrets(text: string): string {
  return text.replaceAll(secretHeader, "$1[redacted]");
}

const secretHeader =
  /\b((?:proxy-)?authorization\s*:\s*|(?:set-)?cookie2?\s*:\s*|x-api-key\s*:\s*|x-auth-token\s*:\s*)[^"\r\n]+/gi;

/** Panic messages quote requests: what would move a terminal's cursor is written as an escape. */
function printable(text: string): string {
  return text.replaceAll(
    /(?!\t)\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
