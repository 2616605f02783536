/** On a terminal of its own, which `script` makes: colours, a width, and a line of progress that goes away. */

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { program, repository, temporaryFolder } from "./run.js";

const run = promisify(execFile);

/** Both streams, as the terminal got them. */
async function onTerminal(words: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const {
    NO_COLOR: _no,
    FORCE_COLOR: _force,
    CI: _ci,
    COLUMNS: _columns,
    ...inherited
  } = process.env;
  const command = `stty cols 60 rows 20; '${process.execPath}' '${program}' ${words}`;
  const { stdout } = await run("script", ["-qec", command, "/dev/null"], {
    cwd: repository,
    env: { ...inherited, TERM: "xterm", ...environment },
  });
  return stdout.replaceAll("\r\n", "\n");
}

const explain = "explain -c examples/ghost.json http://shop.example.com/cart";

test("colours and the terminal's own width", async () => {
  const text = await onTerminal(explain);
  expect(text).toContain("\u001b[32mwon\u001b[39m");
  const lines = stripVTControlCharacters(text).trimEnd().split("\n");
  expect(Math.max(...lines.map((line) => Array.from(line).length))).toBe(60);
});

test.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("no colours with %j", async (environment) => {
  expect(await onTerminal(explain, environment)).not.toContain("\u001b");
});

test("progress is shown while it lasts, and nothing of it stays", async () => {
  const folder = await temporaryFolder();
  const log = join(folder, "log");
  const line = '1.1.1.1 - - [t] "GET http://shop.example.com/cart HTTP/1.1" 200 5\n';
  await writeFile(log, line.repeat(400_000));
  const text = await onTerminal(`replay -c examples/ghost.json ${log}`);
  expect(text).toMatch(/lines, \d/);
  expect(text).toContain("\r\u001b[K");
  const [, after = ""] = text.split(/.*\r\u001b\[K/s, 2);
  expect(after).toMatch(/^SHARE +REQUESTS/);
  const quiet = await onTerminal(`replay -c examples/ghost.json ${log}`, { CI: "true" });
  expect(quiet).not.toContain("\u001b[K");
});
