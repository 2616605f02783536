import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fragmentLimit, fromFragment, toFragment } from "../src/share/fragment.js";
import type { Shared } from "../src/share/fragment.js";

const seed = 20_261_121;
const shared: fc.Arbitrary<Shared> = fc.record({
  text: fc.string({ unit: "grapheme" }),
  format: fc.constantFrom("ghost.json" as const, "manifests" as const),
  question: fc.record({
    method: fc.string(),
    url: fc.string({ unit: "grapheme" }),
    headers: fc.string(),
    draw: fc.double({ min: 0, max: 0.999, noNaN: true }).map(Math.abs),
  }),
});

test("what a link says is what was shared", async () => {
  await fc.assert(
    fc.asyncProperty(shared, async (state) => {
      const fragment = await toFragment(state);
      expect(fragment).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(await fromFragment(`#${fragment}`)).toEqual(state);
    }),
    { seed, numRuns: 200 },
  );
});

test("no fragment does more than be ignored", async () => {
  const hostile = fc.oneof(fc.string(), fc.base64String(), fc.json().map(packed));
  await fc.assert(
    fc.asyncProperty(hostile, async (fragment) => {
      expect(await fromFragment(fragment)).toBeUndefined();
    }),
    { seed, numRuns: 500 },
  );
});

test("a short fragment that unpacks to a flood is ignored", async () => {
  const flood = packed(JSON.stringify([1, "ghost.json", "x".repeat(5_000_000), "GET", "u", "", 0]));
  expect(flood.length).toBeLessThan(fragmentLimit);
  expect(await fromFragment(flood)).toBeUndefined();
});

test("what is too long for a link gets none", async () => {
  let text = "";
  for (let number = 0; text.length < 200_000; number += 1) text += `${Math.sin(number)}`;
  const question = { method: "GET", url: "a", headers: "", draw: 0 };
  expect(await toFragment({ text, format: "manifests", question })).toBeUndefined();
});

function packed(json: string): string {
  return deflateRawSync(json).toString("base64url");
}
