// A probe's rounds: counts results in a row and tells when the verdict changes.

import { setTimeout as sleep } from "node:timers/promises";
import type { Probe } from "../api/objects.ts";
import { perform, type ActionTarget } from "./actions.ts";

export interface ProbeListener {
  readonly succeeded: () => void;
  readonly failed: (message: string) => void;
  /** A single bad answer, for an event; the verdict may still stand. */
  readonly complained: (message: string) => void;
}

async function ask(
  probe: Probe,
  target: ActionTarget,
  signal: AbortSignal,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout((probe.timeoutSeconds ?? 1) * 1000);
  try {
    await perform(probe, target, AbortSignal.any([signal, timeout]));
    return undefined;
  } catch (error) {
    return timeout.aborted ? "timed out" : error instanceof Error ? error.message : String(error);
  }
}

/** Runs until the signal fires. */
export async function watchProbe(
  probe: Probe,
  target: ActionTarget,
  listener: ProbeListener,
  signal: AbortSignal,
): Promise<void> {
  const { periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  let successes = 0;
  let failures = 0;
  try {
    await sleep((probe.initialDelaySeconds ?? 0) * 1000, undefined, { signal });
    for (;;) {
      const problem = await ask(probe, target, signal);
      if (signal.aborted) return;
      successes = problem === undefined ? successes + 1 : 0;
      failures = problem === undefined ? 0 : failures + 1;
      if (problem !== undefined) listener.complained(problem);
      if (successes === successThreshold) listener.succeeded();
      if (problem !== undefined && failures === failureThreshold) listener.failed(problem);
      await sleep(periodSeconds * 1000, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
