/** Formatting changes nothing but the look: every case decides as before, comments stay, and a second time changes nothing. */

import { readdirSync, readFileSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadCore } from "@ghost-gateway/core";
import type { Decision, RequestInput } from "@ghost-gateway/core";
import { expect, test } from "vitest";
import { format } from "../src/format/format.js";
import { ghostctl, repository, temporaryFolder } from "./run.js";

interface CaseFile {
  readonly config: unknown;
  readonly cases: readonly { request: RequestInput; draw?: number; listener?: string }[];
}

const folder = join(repository, "tests/cases");
const files = readdirSync(folder);
const core = loadCore();

/** Without what only says where a rule or match is written. */
function meaning(decision: Decision | undefined): unknown {
  const { source: _source, match: _match, id: _id, ...rest } = decision ?? ({} as Decision);
  return rest;
}

test.each(files)("%s", (name) => {
  const { config, cases }: CaseFile = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const before = JSON.stringify(config);
  const after = format(before, name);
  expect(format(after, name)).toBe(after);
  const tables = [before, after].map((text) =>
    core.compile({ routes: Buffer.from(text), file: "ghost.json" }),
  );
  const codes = tables.map(({ diagnostics }) => diagnostics.map(({ code }) => code).toSorted());
  expect(codes[1]).toEqual(codes[0]);
  for (const { request, draw, listener } of cases) {
    const options = {
      ...(draw === undefined ? {} : { draw }),
      ...(listener === undefined ? {} : { listener }),
    };
    const [one, other] = tables.map(({ table }) => table?.decide(request, options));
    expect(meaning(other)).toEqual(meaning(one));
  }
});

test("matches come in order of precedence, comments with them", () => {
  const text = `# the file
kind: HTTPRoute
apiVersion: gateway.networking.k8s.io/v1
spec:
  rules:
    # the rule
    - backendRefs: [{ name: a, port: 80 }] # behind
      matches:
        # short
        - path: { type: PathPrefix, value: /a }
        # long
        - path: { type: PathPrefix, value: /a/b }
        - path: { type: Exact, value: /a }
          method: GET # read
---
{ a: 1, big: 0x1F, on: yes }
`;
  const once = format(text, "a.yaml");
  expect(once).toMatchSnapshot();
  expect(format(once, "a.yaml")).toBe(once);
});

test("numbers, escapes and keys that look like numbers stay as they are written", () => {
  const text =
    '{"services": {"10": {}, "9": {"endpoints": []}, "\\u0041": {}}, "version": 1, "generation": 12345678901234567890}';
  const after = format(text, "a.json");
  expect(after).toBe(
    '{ "version": 1, "generation": 12345678901234567890, "services": { "10": {}, "9": { "endpoints": [] }, "\\u0041": {} } }\n'
      .length > 100
      ? '{\n  "version": 1,\n  "generation": 12345678901234567890,\n  "services": { "10": {}, "9": { "endpoints": [] }, "\\u0041": {} }\n}\n'
      : after,
  );
});

test("in place: whole or not at all, with the mode it had", async () => {
  const place = await temporaryFolder();
  const file = join(place, "ghost.json");
  await writeFile(file, '{"routes":[],"version":1}', { mode: 0o640 });
  const ran = await ghostctl(["fmt", "-w", "ghost.json"], { folder: place });
  expect(ran).toEqual({ code: 0, out: "", err: "1 of 1 files written\n" });
  expect(await readFile(file, "utf8")).toBe('{ "version": 1, "routes": [] }\n');
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  const again = await ghostctl(["fmt", "--check", "ghost.json"], { folder: place });
  expect(again.code).toBe(0);
});
