// Plays tests/cases/*.json through real varnishd with libvmod_ghost.so and compares what clients and origins see.
//
//	node tests/runners/varnish.ts [case.json...]
//
// GHOST_VMOD_OUT is the folder with the library; GHOST_ENGINE_ROOT the root folder of another engine (scripts/engines.sh),
// which is then run inside it. Every endpoint of a case is where the case says: the runner lives in a
// network namespace of its own in which every address is a local one, so that nothing is rewritten and consistent
// hashes come out as they do everywhere. Ends with "N passed, N failed".

import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import type { CaseFile } from "./varnish/case.ts";
import { compare } from "./varnish/compare.ts";
import { Engine, listenerFor } from "./varnish/engine.ts";
import { enterNamespace, isInside } from "./varnish/namespace.ts";
import { Origins } from "./varnish/origin.ts";
import { play } from "./varnish/request.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");

process.exitCode = isInside() ? await main(process.argv.slice(2)) : enterNamespace();

async function main(given: string[]): Promise<number> {
  const files = await readCases(given.length > 0 ? given : await allCases());
  const engine = await Engine.start(
    workspace,
    files.map(([, file]) => file),
  );
  let [passed, failed] = [0, 0];
  try {
    for (const [path, file] of files) {
      const failures = await runFile(engine, file);
      const count = file.cases.length;
      passed += count - failures.length;
      failed += failures.length;
      for (const { name, differences } of failures) {
        console.log(
          `FAIL ${relative(workspace, path)}: ${name}\n${differences.map((line) => `  ${line}`).join("\n")}`,
        );
      }
    }
  } finally {
    await engine.stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function allCases(): Promise<string[]> {
  const folder = join(workspace, "tests/cases");
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

async function readCases(paths: string[]): Promise<[string, CaseFile][]> {
  return Promise.all(
    paths.map(async (path): Promise<[string, CaseFile]> => [
      path,
      JSON.parse(await readFile(path, "utf8")),
    ]),
  );
}

type Failure = { name: string; differences: string[] };

async function runFile(engine: Engine, file: CaseFile): Promise<Failure[]> {
  const origins = await Origins.start(engine, file.config);
  const failures: Failure[] = [];
  try {
    const loaded = await engine.load(origins.rewrite(file.config));
    for (const one of file.cases) {
      if (loaded.refused !== undefined) {
        failures.push({ name: one.name, differences: [`reload refused: ${loaded.refused}`] });
        continue;
      }
      const response = await play(one, engine.address(listenerFor(loaded.listeners, one)));
      const differences = compare(file.config, one, response, origins.take());
      if (differences.length > 0) failures.push({ name: one.name, differences });
    }
  } finally {
    await origins.stop();
  }
  return failures;
}
