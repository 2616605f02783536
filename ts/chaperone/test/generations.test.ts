/** What is kept of what was served, and what is found again after damage. */

import { readFile, readdir, writeFile } from "node:fs/promises";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Generations } from "../src/apply/generations.js";
import { readEntry, readHistory } from "../src/apply/history.js";
import type { HistoryEntry } from "../src/apply/history.js";
import { temporaryFolder } from "./engine.js";

interface Kept {
  readonly run: string;
  readonly folder: string;
  readonly record: (routes: string, endpoints?: string) => Promise<HistoryEntry>;
}

async function kept(): Promise<Kept> {
  const run = await temporaryFolder();
  const folder = join(run, "generations");
  await mkdir(folder);
  const generations = await Generations.open(folder);
  const record: Kept["record"] = (routes, endpoints) =>
    generations.record(
      {
        routes: Buffer.from(routes),
        endpoints: endpoints === undefined ? undefined : Buffer.from(endpoints),
      },
      {
        origin: "source",
        files: ["ghost.json"],
        routes: { generation: 1, count: 1, isCounted: true },
        endpoints: { generation: 1, count: 1 },
        appliedAt: "2026-01-01T00:00:00.000Z",
      },
    );
  return { run, folder, record };
}

const numbers = async (run: string): Promise<number[]> =>
  (await readHistory(run)).map(({ number }) => number);

test("five stay, and nothing that they do not need", async () => {
  const { run, folder, record } = await kept();
  for (let count = 1; count <= 8; count += 1) await record(`routes ${count}`, `endpoints ${count}`);
  expect(await numbers(run)).toEqual([8, 7, 6, 5, 4]);
  expect((await readdir(folder)).length).toBe(15);
});

test("endpoints that change amend the newest entry", async () => {
  const { run, record } = await kept();
  await record("routes", "first");
  await record("routes", "second");
  await record("others", "second");
  expect(await numbers(run)).toEqual([2, 1]);
  const generations = await Generations.open(join(run, "generations"));
  const [, older] = generations.entries;
  const contents = older && (await generations.contents(older));
  expect(contents?.endpoints?.toString()).toBe("second");
});

const damages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ["torn", (bytes) => bytes.subarray(0, bytes.length - 10)],
  ["empty", () => Buffer.alloc(0)],
  ["bit-flipped", (bytes) => Buffer.from(bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte)))],
  ["replaced by zeros", (bytes) => Buffer.alloc(bytes.length)],
];

test.each(damages)("an entry, and contents, that are %s do not count", async (_name, damage) => {
  const { run, folder, record } = await kept();
  for (const routes of ["a", "b", "c"]) await record(`routes ${routes}`);
  const alter = async (path: string): Promise<void> =>
    writeFile(path, damage(await readFile(path)));
  await alter(join(folder, "00000003.json"));
  const [, second] = [...(await readHistory(run))].toReversed();
  await alter(join(folder, `routes-${second?.routes.sha256}.json`));
  expect(await numbers(run)).toEqual([1]);
  // Numbers only rise, over damaged ones as well.
  const generations = await Generations.open(folder);
  expect(generations.entries.map(({ number }) => number)).toEqual([1]);
});

test("numbers rise over entries that are damaged", async () => {
  const { run, folder, record } = await kept();
  for (const routes of ["a", "b", "c"]) await record(routes);
  await writeFile(join(folder, "00000003.json"), "");
  const generations = await Generations.open(folder);
  const entry = await generations.record(
    { routes: Buffer.from("d"), endpoints: undefined },
    {
      origin: "rollback",
      files: [],
      routes: { generation: null, count: 0, isCounted: false },
      endpoints: { generation: null, count: 0 },
      appliedAt: "2026-01-01T00:00:00.000Z",
    },
  );
  expect(entry.number).toBe(4);
  expect(await numbers(run)).toEqual([4, 2, 1]);
});

test.each(["", "{}", "{}\n", `{"version":1}\n${"0".repeat(64)}\n`])("%j is no entry", (text) => {
  expect(readEntry(text)).toBeUndefined();
});

test("what is held back is remembered until it is let go", async () => {
  const { folder } = await kept();
  const generations = await Generations.open(folder);
  expect(await generations.held()).toBeUndefined();
  await generations.hold("content");
  expect(await (await Generations.open(folder)).held()).toBe("content");
  await generations.hold(undefined);
  expect(await generations.held()).toBeUndefined();
});
