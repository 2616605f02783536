import { expect, test } from "vitest";
import { payloads, streamPayloads } from "./index.ts";

test("there are more than a thousand, each of its own", () => {
  const all = payloads(1, 0);
  expect(all.length).toBeGreaterThan(1000);
  expect(new Set(all.map(({ name, family }) => `${family}: ${name}`)).size).toBe(all.length);
  expect(new Set(all.map(({ hidden }) => hidden)).size).toBe(all.length);
  expect(streamPayloads().length).toBeGreaterThan(100);
});

test("a seed means the same for ever", () => {
  const [first, again, other] = [payloads(7, 50), payloads(7, 50), payloads(8, 50)];
  expect(again).toEqual(first);
  expect(other.slice(-50)).not.toEqual(first.slice(-50));
});

test("every payload hides a whole request behind a head", () => {
  const broken = payloads(1, 100).filter(({ bytes, hidden }) => {
    const text = Buffer.from(bytes).toString("latin1");
    const at = text.indexOf(`GET ${hidden} HTTP/1.1\r\n`);
    return at <= 0 || !text.slice(at).includes("X-Hidden: 1\r\n\r\n");
  });
  expect(broken).toEqual([]);
});
