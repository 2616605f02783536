/** What this package throws. The same object whichever engine answered. */

/**
 * - `invalidRequest`: the request is no `RequestInput`
 * - `invalidOptions`: the options are no `DecideOptions`
 * - `invalidDocument`: a document was not given as bytes
 * - `disposed`: the table was disposed of
 * - `unavailable`: the engine asked for cannot be loaded here
 * - `internal`: a bug in the core; load it again and compile again
 */
export type CoreErrorCode =
  | "invalidRequest"
  | "invalidOptions"
  | "invalidDocument"
  | "disposed"
  | "unavailable"
  | "internal";

export class CoreError extends Error {
  override readonly name = "CoreError";
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a binding threw, as a `CoreError`. Anything it did not mean to throw is a bug: a trap, an exhausted stack. */
export function coreErrorFrom(thrown: unknown): CoreError {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === "invalidRequest" || code === "invalidOptions") return new CoreError(code, message);
  return new CoreError("internal", `the core failed: ${message}`, { cause: thrown });
}
