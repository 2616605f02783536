/** Control requests to the engine over its Unix socket. */

import { request } from "node:http";
import { readReloadAnswer } from "./answer.js";
import type { ReloadAnswer } from "./answer.js";

/** The engine gave no answer that says whether it reloaded. */
export class NoAnswer extends Error {
  override readonly name: string = "NoAnswer";
}

/** A reload of 100,000 rules takes seconds; the engine's own limit for a request is below this. */
const timeout = 60_000;
/** The answer lists at most 1,000 findings. */
const longestBody = 16 << 20;

/** Makes the engine read its documents. Rejects with NoAnswer. */
export async function reload(socket: string): Promise<ReloadAnswer> {
  const { status, body } = await get(socket, "/.varnish-ghost/reload");
  const answer = status === 200 || status === 409 ? readReloadAnswer(body) : undefined;
  if (answer === undefined)
    throw new NoAnswer(
      `The engine answered a reload with ${status}: ${JSON.stringify(body.slice(0, 200))}`,
    );
  return answer;
}

/** Makes the engine free what it no longer uses; it has no thread of its own for that. Rejects with NoAnswer. */
export async function sweep(socket: string): Promise<void> {
  const { status } = await get(socket, "/.varnish-ghost/sweep");
  if (status !== 200) throw new NoAnswer(`the engine answered a sweep with ${status}`);
}

function get(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new NoAnswer(`The engine cannot be asked: ${error.message}`, { cause: error }));
    const asked = request(
      { socketPath, path, agent: false, timeout, headers: { host: "ghost" } },
      (response) => {
        const pieces: Buffer[] = [];
        let length = 0;
        response.on("data", (piece: Buffer) => {
          length += piece.length;
          if (length > longestBody) asked.destroy(new Error("the answer is too long"));
          else pieces.push(piece);
        });
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(pieces).toString("utf8"),
          }),
        );
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`no answer for ${timeout} ms`)));
    asked.on("error", fail);
    asked.end();
  });
}
