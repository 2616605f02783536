/** Who owns a run folder: one chaperone at a time. A record left behind by one that died does not count. */

import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { identify, isRunning } from "./identity.js";
import type { ProcessIdentity } from "./identity.js";

/** Name of the record in a run folder. */
export const ownerFile = "chaperone.json";

/** Takes the folder. Rejects where another chaperone that runs has it. */
export async function claimFolder(folder: string): Promise<void> {
  const record = join(folder, ownerFile);
  const mine = await identify(process.pid);
  if (mine === undefined) throw new Error("/proc is not mounted");
  const draft = join(folder, `.${ownerFile}.${process.pid}`);
  const startedAt = new Date(Date.now() - process.uptime() * 1000).toISOString();
  await writeFile(draft, `${JSON.stringify({ ...mine, startedAt })}\n`, { mode: 0o600 });
  try {
    await removeStale(record, `${draft}.stale`);
    // A link is made only where nothing has the name: of two that start together one stays.
    await link(draft, record).catch(async (error: unknown) => {
      await refuseOwned(record);
      throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStale(record: string, aside: string): Promise<void> {
  await refuseOwned(record);
  await rename(record, aside).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await rm(aside, { force: true });
}

async function refuseOwned(record: string): Promise<void> {
  const owner = await readOwner(record);
  if (owner !== undefined && owner.pid !== process.pid && (await isRunning(owner)))
    throw new Error(`it belongs to the chaperone with process id ${owner.pid}, which runs`);
}

/** Reads such a record; undefined where there is none that can be read. */
export async function readOwner(record: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(record, "utf8").catch(() => "null");
  return readIdentity(text);
}

/** A process as it stands in a record of ours. */
export function readIdentity(text: string): ProcessIdentity | undefined {
  const value = parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  if (!("pid" in value) || !("startTime" in value)) return undefined;
  const { pid, startTime } = value;
  return typeof pid === "number" && pid > 1 && typeof startTime === "number"
    ? { pid, startTime }
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
