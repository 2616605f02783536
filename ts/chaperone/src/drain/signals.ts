/** Signals of the operating system as two requests: drain, and stop now. */

/** What ends a chaperone. */
export interface StopRequests {
  /** Finish what is open, take nothing new. */
  readonly drain: AbortSignal;
  /** Do not wait any longer. */
  readonly now: AbortSignal;
}

type Emitter = Pick<NodeJS.Process, "on" | "off">;

/** A terminal sends SIGINT to a whole process group and npm passes it on once more: these two are one key press. */
const keyPress = 250;

/** The end of a terminal is the end of what was started at it; a service takes SIGHUP for something else. */
const terminalSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens to signals: the first one drains, the second one stops. `dispose` ends listening. */
export function stopOnSignals(
  source: Emitter = process,
  clock: () => number = Date.now,
  signals: readonly NodeJS.Signals[] = terminalSignals,
): StopRequests & { readonly dispose: () => void } {
  const drain = new AbortController();
  const now = new AbortController();
  let interrupted = -Infinity;
  const onSignal = (signal: NodeJS.Signals): void => {
    const isEcho = signal === "SIGINT" && clock() - interrupted < keyPress;
    if (signal === "SIGINT") interrupted = clock();
    if (isEcho) return;
    if (drain.signal.aborted) now.abort();
    drain.abort();
  };
  for (const signal of signals) source.on(signal, onSignal);
  return {
    drain: drain.signal,
    now: now.signal,
    dispose: () => signals.forEach((signal) => source.off(signal, onSignal)),
  };
}
