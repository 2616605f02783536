/** status, history and rollback, asked of a real chaperone with a real varnishd. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ghostctl, program, repository, temporaryFolder } from "./run.js";

interface Status {
  readonly ready: boolean;
  readonly applied: {
    readonly number: number;
    readonly origin: string;
    readonly routes: { count: number };
  } | null;
  readonly refused: { readonly message: string } | null;
}

test("what is served, what was served, and back", { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  // The engine's users have to get in.
  await chmod(folder, 0o755);
  const run = join(folder, "run");
  const file = join(folder, "ghost.json");
  const text = await readFile(join(repository, "examples/ghost.json"), "utf8");
  await writeFile(file, text);
  const child = spawn(
    process.execPath,
    [program, "up", "-c", file, "--listen", "127.0.0.1:0", "--run-folder", run],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let words = "";
  child.stderr.on("data", (piece: Buffer) => (words += piece.toString("utf8")));
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const place = ["--run-folder", run];
  const status = async (): Promise<Status | undefined> => {
    const { out } = await ghostctl(["status", ...place, "-o", "json"]);
    if (out === "") return undefined;
    const value: Status = JSON.parse(out);
    return value;
  };
  const until = async (isThere: (status: Status) => boolean): Promise<Status> => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = await status();
      if (found !== undefined && isThere(found)) return found;
      if (Date.now() > deadline || child.exitCode !== null)
        throw new Error(`it did not come to that:\n${words}\n${JSON.stringify(found)}`);
    }
  };

  await until(({ ready, applied }) => ready && applied !== null);
  const shown = await ghostctl(["status", ...place, "-o", "wide"]);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(
    /^state +serving\nsource +document .*\nengine +varnish-\S+, child running/,
  );
  expect((await ghostctl(["status", ...place, "-o", "name"])).out).toMatch(/^chaperone\/\d+\n$/);

  await writeFile(file, text.replace('"/basket"', '"/trolley"'));
  await until(({ applied }) => applied?.number === 2);
  const listed = await ghostctl(["history", ...place]);
  expect(listed.out).toMatch(/^NUMBER +APPLIED .*\n2 .*\n1 .*\n$/);
  const served = await ghostctl(["simulate", ...place, "http://shop.example.com/trolley"]);
  expect(served.out).toContain("-> 301 ");

  const refusedWithoutYes = await ghostctl(["rollback", ...place]);
  expect(refusedWithoutYes.code).toBe(2);
  expect(refusedWithoutYes.err).toContain("say --yes");
  const planned = await ghostctl(["rollback", ...place, "--dry-run"]);
  expect(planned).toMatchObject({ code: 0, out: "" });
  expect(planned.err).toMatch(/^number 2 of .* -> number 1 of /);
  const back = await ghostctl(["rollback", "1", ...place, "--yes"]);
  expect(back.code).toBe(0);
  expect(back.out).toMatch(/^serving number \d+\n$/);
  await until(({ applied }) => applied?.origin === "rollback");
  const again = await ghostctl(["simulate", ...place, "http://shop.example.com/basket"]);
  expect(again.out).toContain("-> 301 ");
  expect((await ghostctl(["rollback", "99", ...place, "--yes"])).code).toBe(2);
  expect((await ghostctl(["status", ...place])).out).toContain("held");
});
