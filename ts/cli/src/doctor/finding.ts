/** What a check of the surroundings found. */

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `ok`; `warning` where things work but not as well as they could; `error` where they do not; `skipped`. */
  readonly state: "ok" | "warning" | "error" | "skipped";
  readonly message: string;
  /** What to do; empty where nothing needs to be done. */
  readonly help: string;
}

export function ok(check: string, message: string): Finding {
  return { check, state: "ok", message, help: "" };
}

export function warning(check: string, message: string, help: string): Finding {
  return { check, state: "warning", message, help };
}

export function error(check: string, message: string, help: string): Finding {
  return { check, state: "error", message, help };
}

export function skipped(check: string, message: string): Finding {
  return { check, state: "skipped", message, help: "" };
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
