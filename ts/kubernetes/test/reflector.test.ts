import { afterEach, expect, test } from "vitest";
import { systemClock } from "../src/clock.js";
import type { Clock } from "../src/clock.js";
import { resources } from "../src/resource.js";
import { reflect } from "../src/watch/reflector.js";
import type { Change, ReflectorState } from "../src/watch/reflector.js";
import { bookmark, event, listOf, pod, refusal, ScriptedServer, watch } from "./scripted-server.js";
import type { Act, Pod } from "./scripted-server.js";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Run {
  readonly changes: string[];
  readonly waits: number[];
  readonly errors: string[];
  readonly requests: readonly string[];
}

/** Plays `acts`, then a watch that stays silent; resolves once that one is reached. Waits take no time. */
async function play(acts: readonly Act[], silence = 60_000): Promise<Run> {
  const reached = Promise.withResolvers<void>();
  const last: Act = (request, response) => {
    watch([], "silent")(request, response);
    reached.resolve();
  };
  const server = await ScriptedServer.start([...acts, last]);
  const abort = new AbortController();
  const run = { changes: [] as string[], waits: [] as number[], errors: [] as string[] };
  const clock: Clock = {
    ...systemClock,
    random: () => 0.5,
    sleep: async (milliseconds) => void run.waits.push(milliseconds),
  };
  const running = reflect<Pod>(
    {
      connection: server.connection(),
      selection: { resource: resources.pods, namespace: "a", labelSelector: "app=x" },
      clock,
      onChange: (change) => run.changes.push(wordsOf(change)),
      onState: (state: ReflectorState) => {
        if (state.phase === "waiting") run.errors.push(state.error.message);
      },
      limits: { silence },
    },
    abort.signal,
  );
  stops.push(async () => {
    abort.abort();
    await running;
    await server.stop();
  });
  await reached.promise;
  return { ...run, requests: server.requests };
}

function wordsOf(change: Change<Pod>): string {
  if (change.type === "replaced")
    return `replaced ${change.objects.map(({ metadata }) => metadata.name).join(",")}`;
  return `${change.type} ${change.object.metadata.name}@${change.object.metadata.resourceVersion}`;
}

const watchesFrom = ({ requests }: Run): string[] =>
  requests.flatMap((line) => /[?&]resourceVersion=(\d+)/.exec(line)?.[1] ?? []);

test("lists page by page, then watches from the list's version", async () => {
  const run = await play([
    listOf(7, [pod("one", 3)], "next page"),
    listOf(7, [pod("two", 5)]),
    watch([event("MODIFIED", pod("two", 8)), event("DELETED", pod("one", 9))]),
  ]);
  expect(run.changes).toEqual(["replaced one,two", "stored two@8", "deleted one@9"]);
  expect(run.requests[0]).toBe("GET /api/v1/namespaces/a/pods?labelSelector=app=x&limit=500");
  expect(run.requests[1]).toContain("continue=next+page");
  expect(run.requests[2]).toContain("allowWatchBookmarks=true");
  expect(watchesFrom(run)).toEqual(["7", "9"]);
});

test("a page that is no longer held begins the list again, whole", async () => {
  const run = await play([
    listOf(7, [pod("one", 3)], "token"),
    refusal(410),
    listOf(8, [pod("two", 8)]),
  ]);
  expect(run.changes).toEqual(["replaced two"]);
  expect(run.requests[2]).not.toContain("limit");
});

test("a watch that ends goes on from the last bookmark, without a list and without a wait", async () => {
  const run = await play([
    listOf(7, []),
    watch([event("ADDED", pod("one", 8)), bookmark(20)]),
    watch([bookmark(30)]),
  ]);
  expect(watchesFrom(run)).toEqual(["7", "20", "30"]);
  expect(run.waits).toEqual([]);
});

test("a connection cut in the middle of an event goes on from the event before", async () => {
  const run = await play([
    listOf(7, []),
    watch([event("ADDED", pod("one", 8)), '{"type":"MODI'], "cut"),
    watch([event("MODIFIED", pod("one", 9))]),
  ]);
  expect(run.changes).toEqual(["replaced ", "stored one@8", "stored one@9"]);
  expect(watchesFrom(run)).toEqual(["7", "8", "9"]);
});

test.each([
  ["an answer of 410", refusal(410)],
  ["an event of 410", watch([{ type: "ERROR", object: { kind: "Status", code: 410 } }])],
  ["an event that is not JSON", watch(["{oops\n"])],
  [
    "an event older than the one before",
    watch([event("MODIFIED", pod("one", 9)), event("MODIFIED", pod("one", 8))]),
  ],
])("%s leads to a new list", async (_, act) => {
  const run = await play([listOf(7, [pod("one", 5)]), act, listOf(50, [pod("two", 40)])]);
  expect(run.changes.at(-1)).toBe("replaced two");
  expect(watchesFrom(run)).toEqual(["7", "50"]);
  expect(run.waits).toHaveLength(1);
});

test("an event of a type that is not known is an error, not silence", async () => {
  const run = await play([
    listOf(7, []),
    watch([{ type: "RENAMED", object: { metadata: { name: "x" } } }]),
  ]);
  expect(run.errors).toEqual([
    'watch /api/v1/namespaces/a/pods: the watch sent an event of type "RENAMED" that cannot be read',
  ]);
});

test("a server that refuses is asked again after growing waits, and after those it asks for", async () => {
  const run = await play([
    refusal(500),
    refusal(503),
    refusal(429, { "retry-after": "7" }),
    listOf(7, []),
  ]);
  expect(run.waits).toEqual([150, 300, 7000]);
});

test("waits begin small again after an event got through", async () => {
  const run = await play([
    refusal(500),
    refusal(500),
    listOf(7, []),
    watch([event("ADDED", pod("one", 8))]),
    refusal(500),
  ]);
  expect(run.waits).toEqual([150, 300, 150]);
});

test("a watch that says nothing counts as dead", async () => {
  const run = await play([listOf(7, []), watch([bookmark(8)], "silent")], 50);
  expect(run.errors[0]).toBe("watch /api/v1/namespaces/a/pods: nothing was heard for 50 ms");
  expect(watchesFrom(run).slice(0, 2)).toEqual(["7", "8"]);
});
