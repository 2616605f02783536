// One entrant before the suite: installed, run, its board compared with the one that is kept.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Cluster } from "@ghost-gateway/cluster";
import type { Board } from "./board.ts";
import type { Entrant } from "./entrant.ts";
import { listSuite, runSuite, writeBoard } from "./suite.ts";

/** Where scores are kept. */
const home = fileURLToPath(new URL("..", import.meta.url));
/** Where a run leaves report, output and board. */
export const runFolder: string = fileURLToPath(
  new URL("../../../target/conformance", import.meta.url),
);

export interface EntrantResult {
  readonly board: Board;
  /** What is not as it should be; empty for a good run. */
  readonly complaints: readonly string[];
}

async function isKept(board: Board, folder: string): Promise<boolean> {
  const kept = await readFile(`${folder}/board.json`, "utf8").catch(() => "null");
  return isDeepStrictEqual(JSON.parse(kept), JSON.parse(JSON.stringify(board)));
}

export async function enter(
  cluster: Cluster,
  entrant: Entrant,
  options: { readonly keep: boolean; readonly say: (line: string) => void },
): Promise<EntrantResult> {
  const { implementation, stopsAt } = entrant;
  await entrant.install(cluster);
  const flags = entrant.flags(await listSuite(cluster));
  options.say(`running; its output is in ${runFolder}/output.txt`);
  const over = new AbortController();
  const seen = (entrant.witness?.(cluster, over.signal) ?? Promise.resolve("")).then(
    (what) => {
      if (what !== "") options.say(what);
      return true;
    },
    () => false,
  );
  const run = { implementation, flags, folder: runFolder, say: options.say };
  const { board, exitCode } = await runSuite(cluster, run);
  over.abort();
  const keptFolder = entrant.kept === undefined ? undefined : join(home, entrant.kept);
  if (options.keep && keptFolder !== undefined) await writeBoard(keptFolder, board);
  const complaints: string[] = [];
  if (!(await seen)) complaints.push("what had to be seen during the run was not seen");
  if (stopsAt && !stopsAt.test(board.setup ?? "")) complaints.push("the suite stopped elsewhere");
  if (!stopsAt && exitCode !== 0) complaints.push(`the suite ended with exit ${exitCode}`);
  if (keptFolder !== undefined && !(await isKept(board, keptFolder))) {
    const file = join("tests/conformance", entrant.kept ?? "", "board.json");
    complaints.push(`the score differs from ${file} (see target/conformance/board.md)`);
  }
  return { board, complaints };
}
