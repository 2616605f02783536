/** What becomes of an edit: published, refused, waited for. The publisher is replaced by a list. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadCore } from "@ghost-gateway/core";
import { expect, test } from "vitest";
import type { ReloadAnswer } from "../src/apply/answer.js";
import { NoAnswer } from "../src/apply/reload.js";
import type { ErrorPolicy } from "../src/apply/verdict.js";
import type { ChaperoneEvent } from "../src/events.js";
import { Follower, readAndJudge } from "../src/follow.js";
import { temporaryFolder } from "./engine.js";

const core = loadCore();
const document = (name: string, service = "s"): string =>
  JSON.stringify({
    version: 1,
    routes: [{ name, rules: [{ backends: [{ service }] }] }],
    services: { s: {} },
  });

function answer(ok: boolean): ReloadAnswer {
  const part = { generation: 1, sha256: "", count: 1 };
  return {
    ok,
    routes: { ...part, quarantined: [] },
    endpoints: part,
    changed: [],
    tookMs: 0,
    findings: ["cooling"],
  };
}

interface Followed {
  readonly write: (text: string) => Promise<void>;
  readonly look: () => Promise<void>;
  readonly published: string[];
  readonly events: string[];
  /** What the engine says from now on. */
  reply: () => ReloadAnswer;
}

async function follow(policy: ErrorPolicy = "refuse", patience = 1): Promise<Followed> {
  const file = join(await temporaryFolder(), "ghost.json");
  await writeFile(file, document("first"));
  const location = { kind: "document", file } as const;
  const published: string[] = [];
  const events: string[] = [];
  const onEvent = (event: ChaperoneEvent): void => {
    events.push(event.type === "refused" ? `refused by ${event.by}: ${event.message}` : event.type);
  };
  const followed: Followed = {
    write: (text) => writeFile(file, text),
    look: async () => {
      follower.look();
      await follower.idle();
    },
    published,
    events,
    reply: () => answer(true),
  };
  const publisher = {
    good: undefined,
    refresh: async () => undefined,
    restore: (): never => {
      throw new Error("nothing is gone back to here");
    },
    publish: async ({ routes }: { readonly routes: Uint8Array }): Promise<ReloadAnswer> => {
      published.push(Buffer.from(routes).toString("utf8"));
      return followed.reply();
    },
  };
  const options = {
    location,
    core,
    policy,
    publisher,
    onEvent,
    onPublished: () => undefined,
    patience,
  };
  const follower = new Follower(options, await readAndJudge(location, core, policy));
  return followed;
}

test("an edit is published once, however often one looks", async () => {
  const followed = await follow();
  await followed.look();
  await followed.write(document("second"));
  await followed.look();
  await followed.look();
  expect(followed.published).toEqual([document("second")]);
  expect(followed.events).toEqual(["reloaded"]);
});

test("a document that cannot be read is refused once, and the next good one is published", async () => {
  const followed = await follow();
  await followed.write('{"version":1,');
  await followed.look();
  await followed.look();
  await followed.write(document("second"));
  await followed.look();
  expect(followed.events).toEqual(["refused by core: the configuration has 1 error", "reloaded"]);
});

test("half of a file is waited for, not refused", async () => {
  // Long enough for the other half on a busy machine.
  const followed = await follow("refuse", 1000);
  await followed.write(document("second").slice(0, 40));
  const looking = followed.look();
  await followed.write(document("second"));
  await looking;
  await followed.look();
  expect(followed.events).toEqual(["reloaded"]);
});

test.each<[ErrorPolicy, string[]]>([
  ["refuse", ["refused by core: the configuration has 1 error"]],
  ["quarantine", ["reloaded"]],
])("an error in a readable document, policy %s", async (policy, expected) => {
  const followed = await follow(policy);
  await followed.write(document("second", "missing"));
  await followed.look();
  expect(followed.events).toEqual(expected);
});

test("a refusal of the engine is passed on", async () => {
  const followed = await follow();
  followed.reply = () => answer(false);
  await followed.write(document("second"));
  await followed.look();
  expect(followed.events).toEqual(["refused by engine: cooling"]);
});

test("no answer of the engine is told, and the same content is tried again", async () => {
  const followed = await follow();
  followed.reply = () => {
    throw new NoAnswer("away");
  };
  await followed.write(document("second"));
  await followed.look();
  followed.reply = () => answer(true);
  await followed.look();
  expect(followed.events).toEqual(["refused by engine: away", "reloaded"]);
});
