// Runs the official suite's program against a cluster and makes the board of that run.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Cluster } from "@ghost-gateway/cluster";
import { makeBoard, type Board, type SuiteList } from "./board.ts";
import { boardPage } from "./markdown.ts";
import { readOutput } from "./output.ts";
import { readReport } from "./report.ts";

/** Who is tested; the report needs all of it. */
export interface Implementation {
  readonly organization: string;
  readonly project: string;
  readonly url: string;
  readonly version: string;
  readonly contact: string;
}

export interface SuiteOptions {
  readonly implementation: Implementation;
  /** Flags of the suite's program. */
  readonly flags: readonly string[];
  /** Where report, output and board are put. */
  readonly folder: string;
  readonly say?: (line: string) => void;
}

export interface SuiteRun {
  readonly board: Board;
  /** What the program itself says: the judge. */
  readonly exitCode: number;
}

export async function listSuite({ programs }: Cluster): Promise<SuiteList> {
  const child = spawn(programs.path("list-tests"), { stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(await text(child.stdout)) as SuiteList;
}

async function run(cluster: Cluster, options: SuiteOptions): Promise<number> {
  const { folder, implementation, flags, say = () => undefined } = options;
  const described = Object.entries(implementation).map(([name, value]) => `--${name}=${value}`);
  const args = [
    // The program holds tests of its own options too. Go's limit of ten minutes is not the suite's.
    "-test.run=^TestConformance$",
    "-test.v",
    "-test.timeout=0",
    "--report-output",
    `${folder}/report.yaml`,
    ...described,
    ...flags,
  ];
  const child = spawn(cluster.programs.path("conformance"), args, {
    env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = createWriteStream(`${folder}/output.txt`);
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(file, { end: false });
    stream.on("data", (chunk: Buffer) => {
      const ended = /^\s*--- (?:PASS|FAIL): TestConformance\/[^/\s]+ .*$/gm;
      for (const [line] of chunk.toString().matchAll(ended)) say(line.trim());
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  await new Promise<void>((resolve) => {
    file.end(resolve);
  });
  return code;
}

export async function runSuite(cluster: Cluster, options: SuiteOptions): Promise<SuiteRun> {
  const { folder } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const exitCode = await run(cluster, options);
  const [report, output] = await Promise.all(
    ["report.yaml", "output.txt"].map(async (file) => await readFile(`${folder}/${file}`, "utf8")),
  );
  const list = await listSuite(cluster);
  const board = makeBoard(list, readReport(report ?? ""), readOutput(output ?? ""));
  await writeBoard(folder, board);
  return { board, exitCode };
}

export async function writeBoard(folder: string, board: Board): Promise<void> {
  await writeFile(`${folder}/board.json`, `${JSON.stringify(board, null, 2)}\n`);
  await writeFile(`${folder}/board.md`, boardPage(board));
}
