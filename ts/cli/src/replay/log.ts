/** A log as a stream of pieces that end where a request does: from a file or standard input, plain or gzip. */

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { PassThrough, pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { usageFailure } from "../exit.js";

/** Bytes of a piece, about. */
const pieceSize = 1 << 20;
/** A request that is longer is cut: nothing may make a log fill the memory. */
const longestRequest = 16 << 20;

export interface Piece {
  readonly bytes: Buffer;
  readonly number: number;
  readonly offset: number;
}

export interface Log {
  /** Bytes of the file, where that is known. */
  readonly size: number | undefined;
  /** Bytes of it that were read so far, before they were unpacked. */
  readonly taken: () => number;
  readonly pieces: AsyncIterable<Piece>;
  readonly stop: () => void;
}

/** Opens a log, `-` being standard input. Rejects with a usage failure. */
export async function openLog(path: string): Promise<Log> {
  const raw = path === "-" ? process.stdin : await openFile(path);
  const { plain, isPacked } = await unpacked(raw, path);
  let taken = 0;
  raw.on("data", (bytes: Buffer) => (taken += bytes.length));
  return {
    size: path === "-" ? undefined : await sizeOf(path),
    taken: () => taken,
    pieces: piecesOf(plain, path, isPacked),
    stop: () => raw.destroy(),
  };
}

async function openFile(path: string): Promise<Readable> {
  const stream = createReadStream(path, { highWaterMark: pieceSize });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", (error) => reject(unreadable(path, error)));
  });
  return stream;
}

function unreadable(path: string, error: Error): Error {
  return usageFailure(`${path} cannot be read: ${error.message}`, { cause: error });
}

async function sizeOf(path: string): Promise<number | undefined> {
  const entry = await stat(path);
  return entry.isFile() ? entry.size : undefined;
}

/** gzip is known by its first bytes (RFC 1952 section 2.3.1), whatever the file is called. */
async function unpacked(
  raw: Readable,
  path: string,
): Promise<{ plain: Readable; isPacked: boolean }> {
  const beginning = await firstBytes(raw, path);
  const isPacked = beginning[0] === 0x1f && beginning[1] === 0x8b;
  const plain = isPacked
    ? createGunzip({ chunkSize: pieceSize })
    : new PassThrough({ highWaterMark: pieceSize });
  // What goes wrong on the way is told to whoever reads the other end.
  pipeline(raw, plain, () => undefined);
  return { plain, isPacked };
}

/** Looks at the beginning and puts it back. */
async function firstBytes(raw: Readable, path: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const look = (): void => {
    const bytes: unknown = raw.read();
    if (bytes === null) return;
    raw.off("readable", look);
    const beginning = bytes instanceof Buffer ? bytes : Buffer.alloc(0);
    raw.unshift(beginning);
    resolve(beginning);
  };
  raw.on("readable", look);
  raw.once("end", () => resolve(Buffer.alloc(0)));
  raw.once("error", (error) => reject(unreadable(path, error)));
  look();
  return promise;
}

async function* piecesOf(plain: Readable, path: string, isPacked: boolean): AsyncGenerator<Piece> {
  let rest: Buffer[] = [];
  let size = 0;
  let offset = 0;
  let number = 0;
  let isByLine: boolean | undefined;
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      rest.push(chunk);
      size += chunk.length;
      if (size < pieceSize) continue;
      const all = rest.length === 1 ? chunk : Buffer.concat(rest);
      isByLine ??= !looksGrouped(all);
      const end = endOfRequest(all, isByLine);
      rest = [all.subarray(end)];
      size = all.length - end;
      if (end === 0) continue;
      yield { bytes: all.subarray(0, end), number, offset };
      number += 1;
      offset += end;
    }
  } catch (error) {
    if (error instanceof Error && isPacked)
      throw usageFailure(`${path} is damaged: ${error.message}`, { cause: error });
    throw error;
  }
  if (size > 0) yield { bytes: Buffer.concat(rest), number, offset };
}

/** Transactions of varnishlog must not be torn apart. */
function looksGrouped(beginning: Buffer): boolean {
  return /^\s*\*+\s+<< /.test(beginning.subarray(0, 4096).toString("latin1"));
}

function endOfRequest(bytes: Buffer, isByLine: boolean): number {
  const end = isByLine ? bytes.lastIndexOf(10) + 1 : bytes.lastIndexOf("\n*   <<") + 1;
  return end === 0 && bytes.length > longestRequest ? bytes.length : end;
}
