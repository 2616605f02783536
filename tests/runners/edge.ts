// Plays tests/cases/*.json through the running ghost-edge and compares what clients and origins see, once over HTTP/1.1
// and once over HTTP/2.
//
//	node tests/runners/edge.ts [case.json...]
//
// GHOST_EDGE is the binary (default target/debug/ghost-edge). As in varnish.ts every endpoint of a case is where the case
// says, in a network namespace of its own. Clients come in by Unix sockets with a PROXY header, so that their address is
// the case's. Ends with "N passed, N failed, N skipped": skipped is what HTTP/2 cannot say.

import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { Edge, Unsayable } from "./edge/edge.ts";
import { playHttp1, playHttp2 } from "./edge/request.ts";
import type { Case, CaseFile } from "./varnish/case.ts";
import { compare } from "./varnish/compare.ts";
import { listenerFor } from "./varnish/engine.ts";
import { valuesOf } from "./varnish/message.ts";
import type { Head } from "./varnish/message.ts";
import { enterNamespace, isInside } from "./varnish/namespace.ts";
import { Origins } from "./varnish/origin.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");

const VERSIONS = [
  ["HTTP/1.1", playHttp1],
  ["HTTP/2", playHttp2],
] as const;

process.exitCode = isInside() ? await main(process.argv.slice(2)) : enterNamespace();

type Counts = { passed: number; failed: number; skipped: number };

async function main(given: string[]): Promise<number> {
  const edge = await Edge.start(workspace);
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const path of given.length > 0 ? given : await allCases()) {
      const file: CaseFile = JSON.parse(await readFile(path, "utf8"));
      await runFile(edge, file, relative(workspace, path), counts);
    }
  } finally {
    await edge.stop();
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function allCases(): Promise<string[]> {
  const folder = join(workspace, "tests/cases");
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

async function runFile(edge: Edge, file: CaseFile, name: string, counts: Counts): Promise<void> {
  const origins = await Origins.start(edge, file.config);
  try {
    const loaded = await edge.load(origins.rewrite(file.config));
    for (const one of file.cases) {
      for (const [version, play] of VERSIONS) {
        const differences =
          loaded.refused === undefined
            ? await differencesOf(file, one, origins, async () =>
                play(one, edge.socket(listenerFor(loaded.listeners, one))),
              )
            : [`the edge refuses the document: ${loaded.refused}`];
        if (differences === undefined) counts.skipped += 1;
        else if (differences.length === 0) counts.passed += 1;
        else {
          counts.failed += 1;
          const lines = differences.map((line) => `  ${line}`).join("\n");
          console.log(`FAIL ${name}: ${one.name} over ${version}\n${lines}`);
        }
      }
    }
  } finally {
    await origins.stop();
  }
}

async function differencesOf(
  file: CaseFile,
  one: Case,
  origins: Origins,
  play: () => Promise<Head>,
): Promise<string[] | undefined> {
  try {
    const response = await play();
    // What the parser of HTTP/1.1 refuses never comes to a decision.
    const undecided = valuesOf(response, "ghost-test-decision").length === 0;
    if (undecided && / 400( |$)/.test(response.start) && one.expect["status"] === 400) {
      return origins.take().length === 0 ? [] : ["a refused request arrived at an origin"];
    }
    // Bodies refuse the same requests early, if any.
    const early = / 400( |$)/.test(response.start) ? one.unless?.varnish : undefined;
    const refused = one.unless?.edge ?? early;
    const { unless: _unless, ...plain } = one;
    const expected = refused === undefined ? plain : { ...plain, unless: { varnish: refused } };
    // Copies for mirrors come when they come.
    const decided = JSON.parse(valuesOf(response, "ghost-test-decision")[0] ?? "{}");
    const arrivals = origins
      .take()
      .filter(({ endpoint }) => endpoint === decided.endpoint || endpoint.startsWith("unix:"));
    return compare(file.config, expected, response, arrivals);
  } catch (error) {
    const arrived = origins.take().length;
    if (error instanceof Unsayable) return undefined;
    // RFC 9113 section 8.1.1: a malformed request ends its stream, or the connection.
    const malformed = /NGHTTP2_PROTOCOL_ERROR|error code 1$/.test(String(error));
    return malformed && arrived === 0 && one.expect["status"] === 400 ? [] : [String(error)];
  }
}
