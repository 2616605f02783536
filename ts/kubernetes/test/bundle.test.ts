import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BundleError, cut, join, readIndex, shardLimit } from "../src/delivery/bundle.js";
import type { Shard } from "../src/delivery/bundle.js";
import {
  indexConfigMap,
  indexOf,
  shardBytesOf,
  shardConfigMap,
} from "../src/delivery/config-maps.js";

const seed = 20_261_121;
const bytesOf = (shards: ReadonlyMap<string, Shard>): Map<string, Uint8Array> =>
  new Map([...shards].map(([sha256, { bytes }]) => [sha256, bytes]));
const delivery = { namespace: "web", name: "edge-ghost", labels: {} };

test("documents come back byte for byte, through the ConfigMaps that carry them", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.uint8Array({ maxLength: 2000 })), (contents) => {
      const documents = new Map(Object.entries(contents));
      const { index, shards } = cut(documents, 7, 3);
      const carried = new Map<string, Uint8Array>();
      for (const [sha256, shard] of shards)
        carried.set(sha256, shardBytesOf(shardConfigMap(delivery, shard)));
      const back = join(indexOf(indexConfigMap(delivery, index)), carried);
      expect([...back.keys()].toSorted()).toEqual([...documents.keys()].toSorted());
      for (const [name, bytes] of documents)
        expect(Buffer.from(back.get(name)!)).toEqual(Buffer.from(bytes));
    }),
    { seed },
  );
});

test("a document beyond a ConfigMap's size becomes several shards, each below half of it", () => {
  const document = randomBytes(3 * 1024 * 1024);
  const { index, shards } = cut(new Map([["routes.json", document]]), 1, 0);
  expect(index.documents["routes.json"]?.shards).toHaveLength(
    Math.ceil(document.length / shardLimit),
  );
  for (const shard of shards.values())
    expect(JSON.stringify(shardConfigMap(delivery, shard)).length).toBeLessThan(512 * 1024);
  expect(join(index, bytesOf(shards)).get("routes.json")).toEqual(document);
});

test("order of the documents does not matter, and an unchanged document keeps its shards", () => {
  const one: [string, Uint8Array] = ["a", Buffer.from("one")];
  const two: [string, Uint8Array] = ["b", Buffer.from("two")];
  const first = cut(new Map([one, two]), 1, 0);
  expect(cut(new Map([two, one]), 1, 0)).toEqual(first);
  const changed = cut(new Map([one, ["b", Buffer.from("three")]]), 2, 0);
  expect(changed.index.documents["a"]).toEqual(first.index.documents["a"]);
});

test("a missing, damaged or foreign shard is refused with the document's name", () => {
  const { index, shards } = cut(new Map([["routes.json", Buffer.from("hello")]]), 1, 0);
  const [[sha256, { bytes }]] = [...shards] as [[string, Shard]];
  expect(() => join(index, new Map())).toThrow(`routes.json: shard ${sha256} is missing`);
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => join(index, new Map([[sha256, flipped]]))).toThrow("holds something else");
  }
});

test("a small shard that unpacks to more than a document may hold is refused", () => {
  const { index, shards } = cut(new Map([["a", new Uint8Array(1000)]]), 1, 0);
  const entry = { ...index.documents["a"]!, sha256: "0".repeat(64) };
  expect(() => join({ ...index, documents: { a: entry } }, bytesOf(shards))).toThrow(
    "do not make the document",
  );
});

test("no text makes the index reader throw anything but a BundleError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => readIndex(text)).toThrow(BundleError);
    }),
    { seed, numRuns: 1000 },
  );
});
