/** Ends what no longer says anything: a connection whose other end is gone looks like one where nothing happens. */

import { ConnectionError } from "../error.js";

export interface SilenceGuard {
  /** Aborted after the silence, or with the outer signal. */
  readonly signal: AbortSignal;
  /** Why it was aborted, where silence was the cause. */
  reason(): ConnectionError | undefined;
  /** Passes bytes on; each is a sign of life. */
  watch(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  end(): void;
}

export function silenceGuard(
  milliseconds: number,
  words: string,
  outer: AbortSignal,
): SilenceGuard {
  const silence = new AbortController();
  let reason: ConnectionError | undefined;
  const timer = setTimeout(() => {
    reason = new ConnectionError(words, `nothing was heard for ${milliseconds} ms`);
    silence.abort(reason);
  }, milliseconds);
  return {
    signal: AbortSignal.any([silence.signal, outer]),
    reason: () => reason,
    end: () => clearTimeout(timer),
    async *watch(body) {
      for await (const bytes of body) {
        timer.refresh();
        yield bytes;
      }
    },
  };
}
