/** Follows a source: reads it after each change, judges, publishes. One change at a time, the latest content each time. */

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Core, Diagnostic } from "@ghost-gateway/core";
import type { ReloadAnswer } from "./apply/answer.js";
import type { Generations } from "./apply/generations.js";
import type { HistoryEntry, StoredContents } from "./apply/history.js";
import type { Publisher } from "./apply/publisher.js";
import { noRecorder } from "./apply/recorder.js";
import type { ApplyRecorder } from "./apply/recorder.js";
import { judging } from "./apply/verdict.js";
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

/** Gives the configuration of now. Rejects with an UnreadableSource. */
export type ReadSource = () => Promise<Reading>;

/** Reads a source and judges it. Does not reject for anything that is in the files, or not. */
export async function readAndJudge(
  source: SourceLocation | ReadSource,
  core: Core,
  policy: ErrorPolicy,
): Promise<Judged> {
  return readAndJudgeWith(source, judging(core, policy));
}

async function readAndJudgeWith(
  source: SourceLocation | ReadSource,
  judgeReading: (reading: Reading) => Verdict,
): Promise<Judged> {
  try {
    const reading = await (typeof source === "function" ? source() : readSource(source));
    return {
      verdict: judgeReading(reading),
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

/** Of the documents too: they hold more than the files where names were resolved. */
function contentOf({ texts, documents }: Reading): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of texts) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  hash.update(documents?.endpoints ?? "");
  return hash.digest("hex");
}

export interface FollowOptions {
  readonly location: SourceLocation | ReadSource;
  readonly core: Core;
  readonly policy: ErrorPolicy;
  readonly publisher: Pick<Publisher, "publish" | "refresh" | "restore" | "good">;
  readonly onEvent: OnEvent;
  /** Told about what went into use. */
  readonly onPublished: (verdict: GoodVerdict) => void;
  /** Where what was acknowledged is kept. */
  readonly generations?: Generations;
  readonly recorder?: ApplyRecorder;
  /** Milliseconds after which a refused file is looked at again: it may have been half written. */
  readonly patience?: number;
}

/** Milliseconds until an engine that gave no answer is asked again. */
const retryPause = 5000;
/** Looks at a half-written file before it counts as refused. */
const longestPatience = 20;

/** What came of going back in the history. */
export type RollbackAnswer =
  | { readonly ok: true; readonly entry: HistoryEntry }
  | { readonly ok: false; readonly message: string };

export class Follower {
  readonly #options: FollowOptions;
  readonly #judge: (reading: Reading) => Verdict;
  #current: Judged;
  /** What is to be served. */
  #serving: GoodVerdict | undefined;
  #work: Promise<void> = Promise.resolve();
  #isStale = false;
  #isRefreshing = false;
  #isOver = false;
  #retry: NodeJS.Timeout | undefined;
  #refreshRetry: NodeJS.Timeout | undefined;

  /** `serving` is what the engine began with, where that is not what the source held. */
  constructor(options: FollowOptions, first: Judged, serving?: GoodVerdict) {
    this.#options = options;
    this.#judge = judging(options.core, options.policy);
    this.#current = first;
    this.#serving = serving ?? (first.verdict.kind === "good" ? first.verdict : undefined);
  }

  /** Files that the last reading came from. */
  readonly files = (): readonly string[] => this.#current.files;

  /** Something may have changed. Changes during a look lead to one more look, not to a queue. */
  readonly look = (): void => {
    if (this.#isStale || this.#isOver) return;
    this.#isStale = true;
    this.#work = this.#work.then(() => this.#step()).catch((error: unknown) => this.#report(error));
  };

  /** More is known of endpoints. Calls while one waits for its turn are one. */
  readonly refresh = (): void => {
    if (this.#isOver || this.#isRefreshing) return;
    this.#isRefreshing = true;
    this.#work = this.#work
      .then(() => this.#refresh())
      .catch((error: unknown) => this.#retryRefresh(error));
  };

  /** Goes back to an entry of the history, by default the one before the newest; the source's content of now is held back. */
  rollback(number?: number): Promise<RollbackAnswer> {
    const work = this.#work.then(() => this.#rollback(number));
    this.#work = work.then(
      () => undefined,
      () => undefined,
    );
    return work.catch((error: unknown) => ({ ok: false, message: String(error) }));
  }

  /** Records the documents that the engine started with. */
  async recordFirst(answer: ReloadAnswer): Promise<void> {
    await this.#record(answer, "source", performance.now());
  }

  /** Settles when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Looks no more; settles when nothing is under way. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#refreshRetry);
    await this.#work;
  }

  async #step(): Promise<void> {
    this.#isStale = false;
    const since = performance.now();
    const judged = await this.#settled();
    if (judged.content === this.#current.content) return;
    this.#current = {
      ...judged,
      files: judged.files.length === 0 ? this.#current.files : judged.files,
    };
    await this.#options.generations?.hold(undefined);
    this.#options.recorder?.held(false);
    if (judged.verdict.kind === "refused")
      this.#refuse(refusal(judged.message, judged.verdict.diagnostics));
    else await this.#publish(judged.verdict, since);
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
    return readAndJudgeWith(this.#options.location, this.#judge);
  }

  async #refresh(): Promise<void> {
    this.#isRefreshing = false;
    const answer = await this.#options.publisher.refresh();
    if (answer?.ok === true) this.#options.recorder?.refreshed(answer);
    else if (answer !== undefined) this.#retryRefresh(new Error(answer.findings.join("\n")));
  }

  #retryRefresh(error: unknown): void {
    clearTimeout(this.#refreshRetry);
    if (this.#isOver) return;
    this.#refreshRetry = setTimeout(this.refresh, retryPause);
    const words = error instanceof Error ? error.message : String(error);
    const message = `what is known of endpoints is not in use yet: ${words}`;
    this.#options.onEvent({ type: "notice", level: "warn", message });
  }

  async #publish(verdict: GoodVerdict, since: number): Promise<void> {
    const { publisher } = this.#options;
    const answer = await publisher.publish(verdict.documents, verdict.generation);
    if (answer.ok) this.#serving = verdict;
    await this.#tell(answer, verdict, since);
  }

  async #tell(answer: ReloadAnswer, verdict: GoodVerdict, since: number): Promise<void> {
    const { onEvent, onPublished } = this.#options;
    if (!answer.ok) {
      this.#refuse(refusal(answer.findings.join("\n"), verdict.diagnostics, "engine"));
      return;
    }
    onPublished(verdict);
    onEvent({ type: "reloaded", answer, diagnostics: verdict.diagnostics });
    await this.#record(answer, "source", since);
  }

  #refuse(refused: Refused): void {
    const serving = { ...refused, isServing: true };
    this.#options.recorder?.refused(serving);
    this.#options.onEvent(serving);
  }

  async #record(
    answer: ReloadAnswer,
    origin: HistoryEntry["origin"],
    since: number,
  ): Promise<HistoryEntry | undefined> {
    const { generations, publisher, recorder = noRecorder } = this.#options;
    if (generations === undefined || publisher.good === undefined) return undefined;
    const { isCounted } = publisher.good;
    const { routes, endpoints } = answer;
    const entry = await generations.record(publisher.good, {
      origin,
      files: this.#current.files,
      routes: { generation: routes.generation, count: routes.count, isCounted },
      endpoints: { generation: endpoints.generation, count: endpoints.count },
      appliedAt: new Date().toISOString(),
    });
    recorder.applied(entry, answer, performance.now() - since);
    return entry;
  }

  async #rollback(number: number | undefined): Promise<RollbackAnswer> {
    const { generations, publisher, onEvent, recorder } = this.#options;
    const [newest, before] = generations?.entries ?? [];
    const wanted =
      number === undefined ? before : generations?.entries.find((entry) => entry.number === number);
    if (generations === undefined || wanted === undefined)
      return { ok: false, message: missingEntry(number) };
    if (wanted.number === newest?.number)
      return { ok: false, message: `${wanted.number} is what is served now` };
    const contents = await generations.contents(wanted);
    if (contents === undefined)
      return { ok: false, message: `what was kept of ${wanted.number} is damaged` };
    const since = performance.now();
    const answer = await publisher.restore(contents, wanted.routes.isCounted);
    if (!answer.ok) return { ok: false, message: answer.findings.join("\n") };
    this.#serving = this.#restored(contents, answer);
    await generations.hold(this.#current.content);
    recorder?.held(true);
    onEvent({ type: "reloaded", answer, diagnostics: [] });
    const entry = await this.#record(answer, "rollback", since);
    return { ok: true, entry: entry ?? wanted };
  }

  /** What was gone back to, as if the source had said it; endpoints are those of now. */
  #restored(contents: StoredContents, { routes }: ReloadAnswer): GoodVerdict {
    const now = this.#serving?.documents;
    const endpoints = contents.endpoints && (now?.endpoints ?? contents.endpoints);
    const written = this.#options.publisher.good?.routes ?? contents.routes;
    return {
      kind: "good",
      documents: {
        routes: written,
        file: now?.file ?? "ghost.json",
        ...(endpoints === undefined ? {} : { endpoints, endpointsFile: "endpoints.json" }),
      },
      generation: routes.generation,
      listeners: [],
      diagnostics: [],
    };
  }

  /** Whatever went wrong, the source was not used: the same content is tried again a little later. */
  #report(error: unknown): void {
    this.#current = { ...this.#current, content: "" };
    clearTimeout(this.#retry);
    if (!this.#isOver) this.#retry = setTimeout(this.look, retryPause);
    const message = error instanceof Error ? error.message : String(error);
    this.#refuse(refusal(message, [], "engine"));
  }
}

function missingEntry(number: number | undefined): string {
  return number === undefined
    ? "there is nothing before what is served now"
    : `there is no ${number} in the history`;
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
