/** What is settled before anything runs: which documents to begin with, and on which sockets. */

import type { Core } from "@ghost-gateway/core";
import type { Generations } from "../apply/generations.js";
import type { HistoryEntry, StoredContents } from "../apply/history.js";
import type { GoodVerdict } from "../apply/verdict.js";
import { judge } from "../apply/verdict.js";
import { planListeners } from "../engine/listeners.js";
import type { EngineListener } from "../engine/listeners.js";
import type { ExitCode } from "../events.js";
import { refusal } from "../follow.js";
import type { Judged } from "../follow.js";
import type { ChaperoneOptions } from "../options.js";

/** What an engine begins with. */
export interface Beginning {
  /** What the source held. */
  readonly judged: Judged;
  /** What is served: the source's, or what was served last where that cannot be. */
  readonly verdict: GoodVerdict;
  /** The contents of the history's newest entry, where they are to be served. */
  readonly last: LastGood | undefined;
  /** Whether the source's content is held back, after a rollback. */
  readonly isHeld: boolean;
  readonly listeners: readonly EngineListener[];
}

export interface LastGood {
  readonly entry: HistoryEntry;
  readonly contents: StoredContents;
}

/** Tells what stands in the way, and gives the exit code for it. */
export async function settle(
  options: ChaperoneOptions,
  core: Core,
  judged: Judged,
  generations: Generations,
): Promise<Beginning | ExitCode> {
  const { onEvent, listen } = options;
  const isHeld = (await generations.held()) === judged.content;
  const last = await lastGood(generations);
  const chosen = choose(judged, isHeld ? last : undefined, last, core);
  if (judged.verdict.kind === "refused")
    onEvent({
      ...refusal(judged.message, judged.verdict.diagnostics),
      isServing: chosen !== undefined,
    });
  if (chosen === undefined) return 3;
  const plan = planListeners(chosen.verdict.listeners, listen);
  for (const message of plan.notices) onEvent({ type: "notice", level: "warn", message });
  for (const message of plan.problems) onEvent({ type: "notice", level: "error", message });
  if (plan.problems.length > 0) return 2;
  return {
    judged,
    ...chosen,
    isHeld: isHeld && chosen.last !== undefined,
    listeners: plan.listeners,
  };
}

type Chosen = Pick<Beginning, "verdict" | "last">;

function choose(
  { verdict }: Judged,
  held: LastGood | undefined,
  last: LastGood | undefined,
  core: Core,
): Chosen | undefined {
  if (verdict.kind === "good" && held === undefined) return { verdict, last: undefined };
  const kept = last && judgeAgain(last, core);
  if (kept !== undefined) return { verdict: kept, last };
  return verdict.kind === "good" ? { verdict, last: undefined } : undefined;
}

/** What was good once is judged again: this core may be another than that of then. */
function judgeAgain({ entry, contents }: LastGood, core: Core): GoodVerdict | undefined {
  const { routes, endpoints } = contents;
  const verdict = judge(
    {
      documents: {
        routes,
        file: entry.files[0] ?? "ghost.json",
        ...(endpoints === undefined ? {} : { endpoints, endpointsFile: "endpoints.json" }),
      },
      diagnostics: [],
      place: (diagnostics) => diagnostics,
      texts: new Map(),
    },
    core,
    "quarantine",
  );
  return verdict.kind === "good" ? verdict : undefined;
}

async function lastGood(generations: Generations): Promise<LastGood | undefined> {
  const entry = generations.entries[0];
  const contents = entry && (await generations.contents(entry));
  return entry && contents && { entry, contents };
}
