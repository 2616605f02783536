/** Readers of what the engine says, fed with what it never said. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AdminError } from "../src/admin/error.js";
import { AnswerReader } from "../src/admin/frame.js";
import type { Answer } from "../src/admin/frame.js";
import * as replies from "../src/admin/replies.js";
import { readReloadAnswer } from "../src/apply/answer.js";
import { readLogLine } from "../src/engine/log.js";

const runs = { seed: 8, numRuns: 5000 };

/** Gives what comes out, or undefined for an error of the kind that is foreseen; any other error is thrown on. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof AdminError && error.reason === "protocol") return undefined;
    throw error;
  }
}

const frame = ({ status, text }: Answer): Buffer => {
  const body = Buffer.from(text);
  return Buffer.concat([
    Buffer.from(`${status} ${String(body.length).padEnd(8)}\n`),
    body,
    Buffer.from("\n"),
  ]);
};

const answers = fc.array(
  fc.record({ status: fc.integer({ min: 100, max: 999 }), text: fc.string({ unit: "grapheme" }) }),
);

test("answers come out as they went in, however the stream is cut", () => {
  fc.assert(
    fc.property(answers, fc.array(fc.nat({ max: 50 })), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(frame));
      const reader = new AnswerReader();
      const received: Answer[] = [];
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        received.push(...reader.push(stream.subarray(at, at + cut)));
        at = Math.min(at + cut, stream.length);
      }
      expect(received).toEqual(sent);
    }),
    runs,
  );
});

test("a stream that is none is an error of the protocol and nothing else", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (pieces) => {
      const reader = new AnswerReader();
      attempt(() => pieces.forEach((piece) => reader.push(Buffer.from(piece))));
    }),
    runs,
  );
});

const readers = Object.entries(replies).filter(([name]) => name.startsWith("read"));
const like = fc.oneof(
  fc.string(),
  fc.json(),
  fc.json().map((json) => `[2, ["x"], 1.5, ${json}]`),
  fc
    .array(
      fc.record(
        {
          name: fc.jsonValue(),
          status: fc.jsonValue(),
          value: fc.jsonValue(),
          spec: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    )
    .map((items) => JSON.stringify([2, ["x"], 1, ...items])),
);

test.each(readers)("%s reads or refuses", (_name, read) => {
  fc.assert(
    fc.property(like, (text) => void attempt(() => read(text))),
    runs,
  );
});

test("answers to a reload and lines of the log are never too strange to read", () => {
  fc.assert(
    fc.property(like, (text) => {
      readReloadAnswer(text);
      expect(readLogLine(text).message).not.toMatch(/[\u0000-\u0008\n\r\u001b]/);
    }),
    runs,
  );
});

test("credentials that a panic quotes are left out", () => {
  const line = 'Error: Child (7) Panic: "Authorization: Basic abc123", "cookie: session=xyz"';
  expect(readLogLine(line).message).toBe(
    'Child (7) Panic: "Authorization: [redacted]", "cookie: [redacted]"',
  );
});
