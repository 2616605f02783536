import { expect, test } from "vitest";
import { drain } from "../src/drain/drain.js";
import type { ChaperoneEvent } from "../src/events.js";

async function drainWith(
  counts: (number | undefined)[],
  now: AbortSignal,
): Promise<{ isDone: boolean; lines: string[] }> {
  const lines: string[] = [];
  const onEvent = (event: ChaperoneEvent): void => {
    if (event.type === "draining") lines.push(event.message);
  };
  const isDone = await drain({ sessions: async () => counts.shift(), onEvent, now, interval: 0 });
  return { isDone, lines };
}

const never = new AbortController().signal;

test("nobody there: done at once", async () => {
  expect(await drainWith([0], never)).toEqual({
    isDone: true,
    lines: ["Drain complete, stopping varnishd"],
  });
});

test("waits for the last session, and tells of progress at every tenth look", async () => {
  const counts = [...Array.from({ length: 10 }, () => 2), 1, undefined, 0];
  expect(await drainWith(counts, never)).toEqual({
    isDone: true,
    lines: [
      "Draining: 2 sessions are open",
      "Draining: 1 session is open",
      "Drain complete, stopping varnishd",
    ],
  });
});

test("no number is no zero", async () => {
  const { lines } = await drainWith([undefined, 0], never);
  expect(lines[0]).toBe("Draining: varnishstat gives no number of open sessions");
});

test("a second signal ends the wait", async () => {
  const now = new AbortController();
  const waiting = drain({ sessions: async () => 1, onEvent: () => now.abort(), now: now.signal });
  expect(await waiting).toBe(false);
});
