/** Answers come out whole, whatever the pieces they came in. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AdminError } from "../src/admin/error.js";
import { AnswerReader } from "../src/admin/frame.js";
import type { Answer } from "../src/admin/frame.js";

function written({ status, text }: Answer): Buffer {
  const length = Buffer.byteLength(text);
  return Buffer.from(`${String(status).padEnd(3)} ${String(length).padEnd(8)}\n${text}\n`);
}

function readInPieces(bytes: Buffer, cuts: readonly number[]): Answer[] {
  const reader = new AnswerReader();
  const places = [
    ...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length]),
  ].toSorted((left, right) => left - right);
  return places.flatMap((end, index) => reader.push(bytes.subarray(places[index - 1] ?? 0, end)));
}

describe("AnswerReader", () => {
  test("reads what varnishd 7.1 wrote", () => {
    const bytes = Buffer.from(
      "107 59      \nsytjlauainzqmyklpmawiaddqtolvqbc\n\nAuthentication required.\n\n200 0       \n\n",
    );
    expect(new AnswerReader().push(bytes)).toEqual([
      { status: 107, text: "sytjlauainzqmyklpmawiaddqtolvqbc\n\nAuthentication required.\n" },
      { status: 200, text: "" },
    ]);
  });

  test("any answers in any pieces", () => {
    const answer = fc.record({
      status: fc.integer({ min: 100, max: 999 }),
      text: fc.string({ unit: "grapheme", maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(answer), fc.array(fc.nat()), (answers, cuts) => {
        const bytes = Buffer.concat(answers.map(written));
        expect(readInPieces(bytes, cuts)).toEqual(answers);
      }),
    );
  });

  test("bytes that are no UTF-8 keep the frame", () => {
    const bytes = Buffer.concat([
      Buffer.from("200 2       \n"),
      Buffer.from([0xff, 0xfe]),
      Buffer.from("\n200 2       \nok\n"),
    ]);
    expect(new AnswerReader().push(bytes).map(({ text }) => text)).toEqual(["\ufffd\ufffd", "ok"]);
  });

  test.each([
    ["another protocol", "HTTP/1.1 400 Bad Request\r\n"],
    ["a status that is no number", "abc 3       \nabc\n"],
    ["a length that is no number", "200 -1      \n\n"],
    ["no space between", "2003        \nabc\n"],
    ["more text than was said", "200 2       \nabc\n"],
  ])("refuses %s", (_name, text) => {
    expect(() => new AnswerReader().push(Buffer.from(text))).toThrow(
      expect.objectContaining({ reason: "protocol" }),
    );
  });

  test("garbage is refused or waited for, never misread without end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (garbage) => {
        expect(outcome(Buffer.from(garbage))).toBe(true);
      }),
    );
  });
});

/** Whether bytes were read as a few answers, or refused as no answers at all. */
function outcome(bytes: Buffer): boolean {
  try {
    return new AnswerReader().push(bytes).length <= 4;
  } catch (error) {
    return error instanceof AdminError && error.reason === "protocol";
  }
}
