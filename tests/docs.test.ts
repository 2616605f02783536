// The documentation's commands are run, and their output is what the page says. In a block marked `console` every line
// that begins with `$ ` is a command of a POSIX shell, run from the repository's root; the lines behind it are all it
// prints. `UPDATE_GOLDEN=1` writes what is printed into the page.

import { execFile } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = ["README.md", ...globSync("docs/*.md", { cwd: root })].toSorted();
const run = promisify(execFile);
const update = process.env["UPDATE_GOLDEN"] !== undefined;

interface Failure {
  stdout: string;
  stderr: string;
  code: number;
}

/** Both streams, and the exit code where it is not 0. */
async function printed(command: string): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${root}/node_modules/.bin:${process.env["PATH"]}`,
    NO_COLOR: "1",
  };
  try {
    const { stdout, stderr } = await run("sh", ["-c", command], { cwd: root, env });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr, code } = error as Failure;
    return `${stdout}${stderr}(exit ${code})\n`;
  }
}

async function asPrinted(block: string): Promise<string> {
  const commands = block.split("\n").filter((line) => line.startsWith("$ "));
  let text = "";
  for (const command of commands) {
    const output = await printed(command.slice(2));
    text += `${command}\n${output.replaceAll(/^\n+|\n+$/g, "")}\n`;
  }
  return text;
}

describe.each(pages)("%s", (page) => {
  test("prints what it says", async () => {
    const text = readFileSync(`${root}/${page}`, "utf8");
    let actual = text;
    for (const [whole, block] of text.matchAll(/^```console\n([\s\S]*?)^```$/gm)) {
      const fresh = await asPrinted(block ?? "");
      actual = actual.replace(whole, () => `\`\`\`console\n${fresh}\`\`\``);
    }
    if (update) writeFileSync(`${root}/${page}`, actual);
    expect(update ? readFileSync(`${root}/${page}`, "utf8") : text).toBe(actual);
  });

  test("links to files that exist", () => {
    const text = readFileSync(`${root}/${page}`, "utf8");
    const folder = page.includes("/") ? page.slice(0, page.lastIndexOf("/") + 1) : "";
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      (match) => `${folder}${match[1]}`,
    );
    const missing = targets.filter(
      (target) => globSync(target.replace(/\/$/, ""), { cwd: root }).length === 0,
    );
    expect(missing).toEqual([]);
  });
});
