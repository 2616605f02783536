import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAtomically } from "../src/apply/write.js";
import { closedFolder, createWorkspace, findEngineGroup } from "../src/engine/workspace.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("replaces a file under the eyes of a reader, who keeps the old one", async () => {
  const path = join(folder, "a");
  await writeAtomically(path, Buffer.from("old"));
  const { ino } = await stat(path);
  await writeAtomically(path, Buffer.from("new"));
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).ino).not.toBe(ino);
  expect(await readdir(folder)).toEqual(["a"]);
});

test("what fails leaves the old content and no rubbish", async () => {
  const path = join(folder, "a");
  await writeFile(path, "old");
  const failing = writeAtomically(path, Buffer.from("new"), () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["a"]);
});

test("a workspace shows nothing to others, and its secret to the owner alone", async () => {
  await chmod(folder, 0o711);
  const vmod = join(folder, "vmod.so");
  await writeFile(vmod, "so");
  const workspace = await createWorkspace(vmod, { parent: join(folder, "run") });
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  expect((await mode(workspace.folder)) & 0o007).toBe(0);
  expect(await mode(workspace.secretFile)).toBe(0o600);
  expect(await readFile(workspace.secretFile)).toEqual(workspace.secret);
  expect(await readFile(join(workspace.vmodFolder, "libvmod_ghost.so"), "utf8")).toBe("so");
  await workspace.release();
  expect(await readdir(join(folder, "run"))).toEqual([]);
});

test("a socket's path has a longest length", async () => {
  const vmod = join(folder, "vmod.so");
  await writeFile(vmod, "so");
  await chmod(folder, 0o711);
  const parent = join(folder, "x".repeat(100));
  await expect(createWorkspace(vmod, { parent })).rejects.toThrow(
    "too long a path for a Unix socket",
  );
  expect(await readdir(parent)).toEqual([]);
});

test("a run folder that the engine's users cannot enter is told", async () => {
  const { gid } = await stat(folder);
  await mkdir(join(folder, "inner"));
  expect(await closedFolder(join(folder, "inner"), "everybody")).toBe(folder);
  await chmod(folder, 0o710);
  expect(await closedFolder(join(folder, "inner"), "everybody")).toBe(folder);
  expect(await closedFolder(join(folder, "inner"), gid)).toBeUndefined();
  expect(await closedFolder(join(folder, "inner"), "nobody")).toBeUndefined();
});

test.each<[string, number | undefined]>([
  ["root:x:0:0::/:/bin/sh\nvarnish:x:102:105::/:/x\nvcache:x:103:106::/:/x\n", 106],
  ["root:x:0:0::/:/bin/sh\nvarnish:x:102:105::/:/x\n", 105],
  ["root:x:0:0::/:/bin/sh\nmyvarnish:x:1:2::/:/x\n", undefined],
])("the group of the engine's users", (passwd, group) => {
  expect(findEngineGroup(passwd)).toBe(group);
});
