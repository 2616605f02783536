/** Whether the comparison would notice: the reference with one wrong line at a time, each found within a few thousand requests. */

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compareRound, type Engine, type MakeReference } from "./compare.ts";
import { type Fault, FAULTS } from "./faults.ts";
import { randomRound } from "./generate.ts";
import { referenceRouter } from "./reference.ts";

const MOST_REQUESTS = 5000;
const QUESTIONS = 100;

/** Counts faults that stayed unnoticed, and prints what became of each. */
export async function detectFaults(engine: Engine, seed: number): Promise<number> {
  let missed = 0;
  for (const fault of FAULTS) {
    const requests = firstDifference(engine, await faultyReference(fault), seed);
    if (requests === null) missed++;
    const found = requests === null ? "not found" : `found after ${requests} requests`;
    process.stdout.write(`${fault.name}: ${found}\n`);
  }
  process.stdout.write(`${FAULTS.length - missed} passed, ${missed} failed\n`);
  return missed;
}

/** How many requests it took until the fault made a difference that is not there without it. */
function firstDifference(engine: Engine, faulty: MakeReference, seed: number): number | null {
  for (let number = 0; number * QUESTIONS < MOST_REQUESTS; number++) {
    const round = randomRound(seed, number, QUESTIONS);
    const known = new Set(compareRound(engine, referenceRouter, round).map((one) => one.question));
    const found = compareRound(engine, faulty, round).some((one) => !known.has(one.question));
    if (found) return (number + 1) * QUESTIONS;
  }
  return null;
}

/** The reference read from a copy in which one line is wrong. */
async function faultyReference(fault: Fault): Promise<MakeReference> {
  const folder = await mkdtemp(join(tmpdir(), "ghost-oracle-"));
  try {
    const source = fileURLToPath(new URL(".", import.meta.url));
    await cp(source, folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    const file = join(folder, fault.file);
    const text = await readFile(file, "utf8");
    // A fault that is nowhere, or in two places, says nothing: the list has to follow the reference.
    if (text.split(fault.right).length !== 2)
      throw new Error(`${fault.name}: ${fault.file} must hold its line once`);
    await writeFile(
      file,
      text.replace(fault.right, () => fault.wrong),
    );
    const module: unknown = await import(pathToFileURL(join(folder, "reference.ts")).href);
    if (!isReference(module)) throw new Error(`${fault.name}: the copy is no reference`);
    return module.referenceRouter;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function isReference(module: unknown): module is { readonly referenceRouter: MakeReference } {
  return typeof module === "object" && module !== null && "referenceRouter" in module;
}
