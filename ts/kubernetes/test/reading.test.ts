import fc from "fast-check";
import { expect, test } from "vitest";
import { backoff } from "../src/backoff.js";
import { pathOf, resources } from "../src/resource.js";
import { isOlder } from "../src/watch/resource-version.js";
import { readEvent, readLines } from "../src/watch/stream.js";

const seed = 20_261_121;

async function* piecesOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  let start = 0;
  for (const place of [...places, bytes.length]) {
    yield bytes.subarray(start, place);
    start = place;
  }
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

test("lines are the same wherever the network cuts them", async () => {
  const line = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " "));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""), "utf8");
      const read = await collect(readLines(piecesOf(bytes, cuts), "test"));
      expect(read).toEqual(lines.map((text) => Buffer.from(text, "utf8").toString("utf8")));
    }),
    { seed, numRuns: 300 },
  );
});

test("a line without end is refused before it fills the memory", async () => {
  const endless = piecesOf(Buffer.alloc(1000, "x"), [100, 200, 300]);
  await expect(collect(readLines(endless, "test", 250))).rejects.toThrow("exceeds 250 bytes");
});

test("a body that ends within a line is refused", async () => {
  const cut = piecesOf(Buffer.from('{"a":1}\n{"b"'), [3]);
  await expect(collect(readLines(cut, "test"))).rejects.toThrow("in the middle of an event");
});

function outcomeOf(line: string): string {
  try {
    return readEvent(line, "test").type;
  } catch (error) {
    return error instanceof Error ? error.name : typeof error;
  }
}

test("no bytes make the reader of events throw anything but a ConnectionError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(outcomeOf(line)).toMatch(/^(ADDED|MODIFIED|DELETED|BOOKMARK|ERROR|ConnectionError)$/);
    }),
    { seed, numRuns: 2000 },
  );
});

test("versions compare as numbers, and only as numbers", () => {
  expect(isOlder("9", "10")).toBe(true);
  expect(isOlder("10", "9")).toBe(false);
  expect(isOlder("10", "10")).toBe(false);
  expect(isOlder("99999999999999999998", "99999999999999999999")).toBe(true);
  expect(isOlder("abc", "10")).toBe(false);
  expect(isOlder("1", undefined)).toBe(false);
});

test("a name is one segment of a path, whatever it holds", () => {
  const at = { namespace: "a/b", name: "c?d#e", subresource: "status" } as const;
  expect(pathOf(resources.httpRoutes, at)).toBe(
    "/apis/gateway.networking.k8s.io/v1/namespaces/a%2Fb/httproutes/c%3Fd%23e/status",
  );
  expect(pathOf(resources.pods)).toBe("/api/v1/pods");
  for (const name of ["", ".", ".."])
    expect(() => pathOf(resources.pods, { namespace: "a", name })).toThrow(RangeError);
});

test("waits lie between half a doubling ceiling and the whole, and never below what was asked", () => {
  const arbitraryFailures = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(
      arbitraryFailures,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, random) => {
        const ceiling = Math.min(30_000, 200 * 2 ** (failures - 1));
        const wait = backoff(failures, random, undefined);
        expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
        expect(wait).toBeLessThanOrEqual(ceiling);
        expect(backoff(failures, random, 60)).toBe(60_000);
      },
    ),
    { seed },
  );
});
