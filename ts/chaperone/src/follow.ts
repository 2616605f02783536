/** Follows a source: reads it after each change, judges, publishes. One change at a time, the latest content each time. */

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Core, Diagnostic } from "@ghost-gateway/core";
import type { Publisher } from "./apply/publisher.js";
import { judge } from "./apply/verdict.js";
import type { ErrorPolicy, GoodVerdict, Verdict } from "./apply/verdict.js";
import type { OnEvent, Refused } from "./events.js";
import { readSource, UnreadableSource } from "./sources/source.js";
import type { Reading, SourceLocation } from "./sources/source.js";

/** What a source holds, judged. */
export interface Judged {
  readonly verdict: Verdict;
  /** Why, where no file could be read at all. */
  readonly message: string | undefined;
  /** Files it came from. */
  readonly files: readonly string[];
  /** Equal for equal contents. */
  readonly content: string;
}

/** Reads a source and judges it. Does not reject for anything that is in the files, or not. */
export async function readAndJudge(
  location: SourceLocation,
  core: Core,
  policy: ErrorPolicy,
): Promise<Judged> {
  try {
    const reading = await readSource(location);
    return {
      verdict: judge(reading, core, policy),
      message: undefined,
      files: [...reading.texts.keys()],
      content: contentOf(reading),
    };
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    const verdict: Verdict = { kind: "refused", diagnostics: [] };
    return { verdict, message: error.message, files: [], content: error.message };
  }
}

function contentOf({ texts }: Reading): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of texts) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
}

export interface FollowOptions {
  readonly location: SourceLocation;
  readonly core: Core;
  readonly policy: ErrorPolicy;
  readonly publisher: Pick<Publisher, "publish">;
  readonly onEvent: OnEvent;
  /** Told about what went into use. */
  readonly onPublished: (verdict: GoodVerdict) => void;
  /** Milliseconds after which a refused file is looked at again: it may have been half written. */
  readonly patience?: number;
}

/** Milliseconds until an engine that gave no answer is asked again. */
const retryPause = 5000;
/** Looks at a half-written file before it counts as refused. */
const longestPatience = 20;

export class Follower {
  readonly #options: FollowOptions;
  #current: Judged;
  #work: Promise<void> = Promise.resolve();
  #isStale = false;
  #isOver = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: FollowOptions, first: Judged) {
    this.#options = options;
    this.#current = first;
  }

  /** Files that the last reading came from. */
  readonly files = (): readonly string[] => this.#current.files;

  /** Something may have changed. Changes during a look lead to one more look, not to a queue. */
  readonly look = (): void => {
    if (this.#isStale || this.#isOver) return;
    this.#isStale = true;
    this.#work = this.#work.then(() => this.#step()).catch((error: unknown) => this.#report(error));
  };

  /** Settles when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Looks no more; settles when nothing is under way. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#retry);
    await this.#work;
  }

  async #step(): Promise<void> {
    this.#isStale = false;
    const judged = await this.#settled();
    if (judged.content === this.#current.content) return;
    this.#current = {
      ...judged,
      files: judged.files.length === 0 ? this.#current.files : judged.files,
    };
    if (judged.verdict.kind === "refused")
      this.#options.onEvent({
        ...refusal(judged.message, judged.verdict.diagnostics),
        isServing: true,
      });
    else await this.#publish(judged.verdict);
  }

  /** A refused content counts when it is still the same a moment later. */
  async #settled(): Promise<Judged> {
    const { patience = 100 } = this.#options;
    let judged = await this.#read();
    for (let count = 0; judged.verdict.kind === "refused" && count < longestPatience; count += 1) {
      if (judged.content === this.#current.content) break;
      await delay(patience);
      const again = await this.#read();
      if (again.content === judged.content) break;
      judged = again;
    }
    return judged;
  }

  #read(): Promise<Judged> {
    const { location, core, policy } = this.#options;
    return readAndJudge(location, core, policy);
  }

  async #publish(verdict: GoodVerdict): Promise<void> {
    const { publisher, onEvent, onPublished } = this.#options;
    const answer = await publisher.publish(verdict.documents, verdict.generation);
    if (answer.ok) {
      onPublished(verdict);
      onEvent({ type: "reloaded", answer, diagnostics: verdict.diagnostics });
    } else {
      onEvent({
        ...refusal(answer.findings.join("\n"), verdict.diagnostics, "engine"),
        isServing: true,
      });
    }
  }

  /** Whatever went wrong, the source was not used: the same content is tried again a little later. */
  #report(error: unknown): void {
    this.#current = { ...this.#current, content: "" };
    clearTimeout(this.#retry);
    if (!this.#isOver) this.#retry = setTimeout(this.look, retryPause);
    const message = error instanceof Error ? error.message : String(error);
    this.#options.onEvent({ ...refusal(message, [], "engine"), isServing: true });
  }
}

/** That something is not used: `message` where it is not the findings that say why. */
export function refusal(
  message: string | undefined,
  diagnostics: readonly Diagnostic[],
  by: Refused["by"] = message === undefined ? "core" : "source",
): Refused {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const words = message ?? `the configuration has ${errors} ${errors === 1 ? "error" : "errors"}`;
  return { type: "refused", by, message: words, diagnostics, isServing: false };
}
