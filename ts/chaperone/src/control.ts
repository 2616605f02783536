/**
 * Asks a running chaperone and gives it orders: for programs that are no chaperone. Loads neither core nor engine.
 *
 * Orders go through the socket of the run folder, so the right to open it is the right to give them.
 */

import { request } from "node:http";
import { join } from "node:path";
import type { HistoryEntry } from "./apply/history.js";
import type { RollbackAnswer } from "./follow.js";
import type { ChaperoneStatus } from "./observe/status.js";

export { readHistory } from "./apply/history.js";
export type { HistoryEntry, StoredDocument } from "./apply/history.js";
export type { RollbackAnswer } from "./follow.js";
export type * from "./observe/status.js";

/** Where a chaperone is found: by its run folder, or by the address of its status. */
export type ChaperonePlace = { readonly folder: string } | { readonly url?: string };

export type ControlErrorReason =
  /** Nothing answers there. */
  | "unreachable"
  /** We may not open the socket. */
  | "denied"
  /** It answered that it will not. */
  | "refused"
  /** What answers is no chaperone. */
  | "protocol";

export class ControlError extends Error {
  override readonly name: string = "ControlError";
  readonly reason: ControlErrorReason;

  constructor(reason: ControlErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface ChaperoneClient {
  readonly status: () => Promise<ChaperoneStatus>;
  /** Newest first. */
  readonly history: () => Promise<readonly HistoryEntry[]>;
  /** To an entry, by default the one before the newest. A refusal is an answer, not an error. */
  readonly rollback: (number?: number) => Promise<RollbackAnswer>;
  /** Begins draining, as SIGTERM does. */
  readonly drain: () => Promise<void>;
}

/** Where the status is by default. */
export const defaultStatusUrl = "http://127.0.0.1:9181";

/** Milliseconds: a rollback may have to wait for an engine that is starting. */
const timeout = 90_000;
const longestAnswer = 64 << 20;

/** Connects to nothing yet; every call of the client does. All reject with a ControlError. */
export function connectChaperone(place: ChaperonePlace = {}): ChaperoneClient {
  const status = async (): Promise<ChaperoneStatus> =>
    readStatus(await send(statusTarget(place), "GET", "/status"));
  const socket = async (): Promise<Target> =>
    "folder" in place ? socketIn(place.folder) : socketIn((await status()).folder);
  return {
    status,
    history: async () => {
      const { value } = await send(await socket(), "GET", "/history");
      if (!Array.isArray(value)) throw notChaperone();
      return value;
    },
    rollback: async (number) => {
      const path = number === undefined ? "/rollback" : `/rollback?number=${number}`;
      const { value } = await send(await socket(), "POST", path);
      if (!isObject(value) || typeof value["ok"] !== "boolean") throw notChaperone();
      return value as unknown as RollbackAnswer;
    },
    drain: async () => {
      const { status: code } = await send(await socket(), "POST", "/drain");
      if (code !== 202) throw new ControlError("refused", `the chaperone answered ${code}`);
    },
  };
}

type Target = { readonly socketPath: string } | { readonly host: string; readonly port: number };

function statusTarget(place: ChaperonePlace): Target {
  if ("folder" in place) return socketIn(place.folder);
  const url = URL.parse(place.url ?? defaultStatusUrl);
  if (url?.protocol !== "http:")
    throw new ControlError("unreachable", `${String(place.url)} is no http:// address`);
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port || "80") };
}

function socketIn(folder: string): Target {
  return { socketPath: join(folder, "chaperone.sock") };
}

interface Received {
  readonly status: number;
  readonly value: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readStatus({ value }: Received): ChaperoneStatus {
  if (!isObject(value) || value["version"] !== 1 || typeof value["folder"] !== "string")
    throw notChaperone();
  return value as unknown as ChaperoneStatus;
}

function notChaperone(): ControlError {
  return new ControlError("protocol", "what answers there is no chaperone of this version");
}

function send(target: Target, method: string, path: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(failureOf(error, target));
    const options = {
      ...target,
      method,
      path,
      agent: false,
      timeout,
      headers: { host: "localhost" },
    };
    const asked = request(options, (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on("data", (piece: Buffer) => {
        length += piece.length;
        if (length > longestAnswer) asked.destroy(new Error("the answer is too long"));
        else pieces.push(piece);
      });
      response.on("error", fail);
      response.on("end", () => {
        try {
          const value: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
          resolve({ status: response.statusCode ?? 0, value });
        } catch {
          reject(notChaperone());
        }
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer for ${timeout} ms`)));
    asked.on("error", fail);
    asked.end();
  });
}

function failureOf(error: Error, target: Target): ControlError {
  const place = "socketPath" in target ? target.socketPath : `${target.host}:${target.port}`;
  const code = "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM")
    return new ControlError("denied", `${place} may not be opened by this user`, { cause: error });
  return new ControlError("unreachable", `no chaperone answers at ${place}: ${error.message}`, {
    cause: error,
  });
}
