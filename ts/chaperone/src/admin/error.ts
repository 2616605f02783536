/** What can go wrong when the engine is spoken to. One class, told apart by `reason`. */

export type AdminErrorReason =
  /** The engine answered that it will not. */
  | "refused"
  /** This engine has no such command. */
  | "unsupported"
  /** Secret not accepted, or the peer is not an engine. */
  | "authentication"
  /** The peer broke the protocol. */
  | "protocol"
  /** No answer in time; the connection is given up, since later answers could not be told apart. */
  | "timeout"
  /** The connection is gone. */
  | "closed";

export class AdminError extends Error {
  override readonly name: string = "AdminError";
  readonly reason: AdminErrorReason;
  /** Status of the answer, where there was one. */
  readonly status: number | undefined;

  constructor(reason: AdminErrorReason, message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.status = status;
  }
}
