/** As a plugin of kubectl: linked as kubectl-ghost, and as kubectl_complete-ghost for completion. */

import { execFile } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { program, repository, temporaryFolder } from "./run.js";

const run = promisify(execFile);

async function linked(name: string, words: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  const link = join(folder, name);
  await symlink(program, link);
  const { stdout } = await run(process.execPath, [link, ...words], { cwd: repository });
  return stdout;
}

test("help names the plugin as it is called", async () => {
  const help = await linked("kubectl-ghost", ["help", "simulate"]);
  expect(help).toContain("Usage: kubectl ghost simulate");
  expect(help).toContain("$ kubectl ghost simulate http://shop.example.com/cart");
  expect(help).not.toContain("ghostctl simulate");
});

test("it answers as ghostctl does", async () => {
  const words = ["simulate", "-c", "examples/ghost.json", "http://shop.example.com/"];
  expect(await linked("kubectl-ghost", words)).toContain("-> shop/front:80");
});

test.each([
  [["si"], ["simulate"]],
  [
    ["replay", "--f"],
    ["--filename", "--format", "--fail-above"],
  ],
  [["check", "-o", "s"], ["sarif"]],
  [["help", "err"], ["errors"]],
  [["nothing", ""], []],
])("completion of %j", async (words, expected) => {
  const lines = (await linked("kubectl_complete-ghost", words)).trimEnd().split("\n");
  expect(lines.at(-1)).toBe(":4");
  expect(lines.slice(0, -1).toSorted()).toEqual(expected.toSorted());
});

test("the scripts are what their shells can read", async () => {
  const { stdout } = await run(process.execPath, [program, "completion", "bash"]);
  const ask = `${stdout}\nCOMP_WORDS=(ghostctl check -o s); COMP_CWORD=3; _ghostctl; echo "\${COMPREPLY[@]}"`;
  const { stdout: answer } = await run("bash", ["-c", ask]);
  expect(answer).toBe("sarif\n");
});
