/** What is published: packed, installed from the tarballs into an empty folder, and used there. */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { repository, temporaryFolder } from "./run.js";

const run = promisify(execFile);
const packages = ["core", "gateway-api", "playground", "chaperone", "cli"];

test("from the tarballs alone", { timeout: 300_000 }, async () => {
  const folder = await temporaryFolder();
  const tarballs: string[] = [];
  let size = 0;
  for (const name of packages) {
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(repository, "ts", name),
    });
    const [packed]: { filename: string; files: { path: string }[] }[] = JSON.parse(stdout);
    const tarball = join(folder, packed?.filename.replace(/^@(.*)\//, "$1-") ?? "");
    tarballs.push(tarball);
    size += (await stat(tarball)).size;
    expect(packed?.files.filter(({ path }) => /\.node$|^test\/|^src\//.test(path))).toEqual([]);
  }
  expect(size).toBeLessThan(5 << 20);
  const words = [
    "install",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--omit=peer",
    "--prefix",
    folder,
  ];
  await run("npm", [...words, ...tarballs], { cwd: folder });
  await copyFile(join(repository, "examples/ghost.json"), join(folder, "ghost.json"));
  const ghostctl = async (...asked: string[]): Promise<string> => {
    const launcher = join(folder, "node_modules/.bin/ghostctl");
    const { stdout } = await run(process.execPath, [launcher, ...asked], { cwd: folder });
    return stdout;
  };
  const version: { core: { engine: string } } = JSON.parse(await ghostctl("version", "-o", "json"));
  expect(version.core.engine).toBe("wasm");
  expect(await ghostctl("simulate", "http://shop.example.com/cart")).toContain("-> shop/cart:80");
  expect(await ghostctl("help", "GH0107")).toContain("regular expression");
  expect(await ghostctl("diff", "ghost.json", "ghost.json")).toBe("");
  const page = spawn(process.execPath, [
    join(folder, "node_modules/.bin/ghostctl"),
    "playground",
    "--listen",
    "0",
  ]);
  const [line] = (await once(createInterface(page.stdout), "line")) as [string];
  expect((await fetch(line)).status).toBe(200);
  page.kill();
  const log = join(repository, "README.md");
  expect(JSON.parse(await ghostctl("replay", log, "-o", "json", "--workers", "2"))).toMatchObject({
    requests: 0,
  });
  expect(
    await readFile(join(folder, "node_modules/ghostctl/man/ghostctl-replay.1"), "utf8"),
  ).toContain(".TH");
});
