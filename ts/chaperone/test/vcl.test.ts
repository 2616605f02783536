/** The user's VCL with the real engine: included files, strings, edits. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { quoteVcl } from "../src/vcl/tokens.js";
import { serveHttp, start, temporaryFolder } from "./engine.js";
import type { Running } from "./engine.js";

interface Site extends Running {
  readonly vcl: string;
  readonly folder: string;
}

async function site(vcl: string, others: Readonly<Record<string, string>> = {}): Promise<Site> {
  const port = await serveHttp((_request, response) => response.end("here"));
  const folder = await temporaryFolder();
  await mkdir(join(folder, "lib"));
  for (const [name, text] of Object.entries({ ...others, "my.vcl": vcl }))
    await writeFile(join(folder, name), text);
  const file = join(folder, "ghost.json");
  await writeFile(
    file,
    JSON.stringify({
      version: 1,
      routes: [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }],
      services: { s: { endpoints: [{ address: "127.0.0.1", port }] } },
    }),
  );
  const path = join(folder, "my.vcl");
  const listen = [{ address: "127.0.0.1:0" }];
  return { vcl: path, folder, ...start({ source: { kind: "document", file }, listen, vcl: path }) };
}

async function urlOf(running: Running): Promise<string> {
  const { listeners } = await running.next("ready");
  return `http://127.0.0.1:${listeners[0]?.port}/`;
}

const header = async (url: string, name: string): Promise<string | null> =>
  (await fetch(url)).headers.get(name);

const setHeader = (value: string): string =>
  `vcl 4.1;\nsub vcl_deliver { set resp.http.x-mine = "${value}"; }\n`;

test("files that the user's VCL includes come along, and mistakes in them have their own place", async () => {
  const running = await site('vcl 4.1;\ninclude "./lib/a.vcl";\n', {
    "lib/a.vcl": 'include\n"./b.vcl";\n',
    "lib/b.vcl": setHeader("included"),
  });
  const url = await urlOf(running);
  expect(await header(url, "x-mine")).toBe("included");
  await writeFile(join(running.folder, "lib/b.vcl"), "vcl 4.1;\n\nsub vcl_deliver { nonsense; }\n");
  const { message } = await running.next("refused");
  expect(message).toContain(`${join(running.folder, "lib/b.vcl")}' Line 3`);
  expect(await header(url, "x-mine")).toBe("included");
});

test("an edit of the user's VCL is used; a bad one is told, once, and the one before stays", async () => {
  const running = await site(setHeader("first"));
  const url = await urlOf(running);
  await writeFile(running.vcl, setHeader("second"));
  await expect.poll(() => header(url, "x-mine"), { timeout: 20_000 }).toBe("second");
  await writeFile(running.vcl, "vcl 4.1;\nsub vcl_deliver { nonsense; }\n");
  expect(await running.next("refused")).toMatchObject({ by: "engine", isServing: true });
  expect(await header(url, "x-mine")).toBe("second");
  await writeFile(running.vcl, setHeader("third"));
  await expect.poll(() => header(url, "x-mine"), { timeout: 20_000 }).toBe("third");
});

test("strings have the same bytes for the engine's compiler as for us", async () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom('"', '"}', '{"', '"""', "\n", "\\", "C{", "}C", "%s", "#", "/*", "ü", "\t"),
        fc.string({ maxLength: 3 }),
      ),
    )
    .map((parts) => parts.join(""));
  const strings = fc
    .sample(hostile, { numRuns: 200, seed: 8 })
    .filter((text) => quoteVcl(text) !== undefined);
  const cases = strings.map(
    (text, index) =>
      `if (req.url == "/${index}") { synthetic(${quoteVcl(text)}); return (deliver); }`,
  );
  const running = await site(
    `vcl 4.1;\nsub vcl_recv { return (synth(299)); }\nsub vcl_synth {\nif (resp.status == 299) {\n${cases.join("\n")}\n}\n}\n`,
  );
  const url = await urlOf(running);
  for (const [index, text] of strings.entries())
    expect(await (await fetch(`${url}${index}`)).text()).toBe(text);
});
