import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { writeVolume, type VolumeFiles } from "../src/volumes/write.ts";

function files(entries: Record<string, string>): VolumeFiles {
  return new Map(
    Object.entries(entries).map(([path, text]) => [
      path,
      { content: Buffer.from(text), mode: 0o640 },
    ]),
  );
}

test("a volume's files change together, stale ones go, and names lead through one link", async () => {
  const folder = mkdtempSync(`${tmpdir()}/volume-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeVolume(folder, files({ a: "1", "deep/b": "1", gone: "1" }));
  const first = readlinkSync(`${folder}/..data`);
  expect(readlinkSync(`${folder}/a`)).toBe("..data/a");
  expect(readFileSync(`${folder}/deep/b`, "utf8")).toBe("1");
  expect(statSync(`${folder}/a`).mode & 0o777).toBe(0o640);
  await writeVolume(folder, files({ a: "2", "deep/b": "2" }));
  expect(readlinkSync(`${folder}/..data`)).not.toBe(first);
  expect(readFileSync(`${folder}/a`, "utf8") + readFileSync(`${folder}/deep/b`, "utf8")).toBe("22");
  expect(
    readdirSync(folder)
      .filter((name) => !name.startsWith("..2"))
      .toSorted(),
  ).toEqual(["..data", "a", "deep"]);
  expect(readdirSync(folder).filter((name) => name.startsWith("..2"))).toHaveLength(1);
});
