/** What an API server refuses with, and what keeps us from asking. */

/** A `Status` object, as far as it says something. */
export interface Status {
  readonly code: number;
  /** Machine's word: `NotFound`, `Conflict`, `Expired`... Empty where the server gave none. */
  readonly reason: string;
  readonly message: string;
  /** Seconds the server asks us to wait. */
  readonly retryAfterSeconds: number | undefined;
}

/** The API server answered, and not with what was asked for. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: Status;
  /** `GET /api/v1/pods`, for whoever reads the message. */
  readonly call: string;

  constructor(call: string, status: Status) {
    super(`${call}: ${status.code} ${status.reason}: ${status.message}`);
    this.call = call;
    this.status = status;
  }

  get isNotFound(): boolean {
    return this.status.code === 404;
  }

  /** Someone else wrote in between; or the object exists already. */
  get isConflict(): boolean {
    return this.status.code === 409;
  }

  /** The version asked for is no longer held: list anew. */
  get isGone(): boolean {
    return this.status.code === 410;
  }

  get isForbidden(): boolean {
    return this.status.code === 401 || this.status.code === 403;
  }
}

/** No answer, or none that can be read: connection, time, size, syntax. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  constructor(call: string, message: string, options?: ErrorOptions) {
    super(`${call}: ${message}`, options);
  }
}

/** Reads a body that should be a `Status`; what is not there is made from the HTTP answer. */
export function readStatus(code: number, body: unknown, retryAfter: string | undefined): Status {
  const status = isRecord(body) ? body : {};
  const details = isRecord(status["details"]) ? status["details"] : {};
  return {
    code: typeof status["code"] === "number" ? status["code"] : code,
    reason: typeof status["reason"] === "string" ? status["reason"] : "",
    message: typeof status["message"] === "string" ? status["message"] : "no message",
    retryAfterSeconds:
      readSeconds(retryAfter) ??
      (typeof details["retryAfterSeconds"] === "number" ? details["retryAfterSeconds"] : undefined),
  };
}

/** RFC 9110, section 10.2.3, in its form of seconds; API servers send no dates. */
function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
