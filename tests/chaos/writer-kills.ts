/** Kills programs that write configuration, at random points, and looks at what they leave behind. */

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { readHistory } from "../../ts/chaperone/dist/control.js";

/** What was found wrong. The writer is tests/chaos/writer.ts. */
export async function killWriters(folder: string, kills: number): Promise<readonly string[]> {
  const run = join(folder, "writes");
  await mkdir(join(run, "generations"), { recursive: true });
  const broken: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "writer.ts"), run, String(kill)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const closed = once(child, "close");
    await once(createInterface(child.stdout), "line");
    await delay(randomInt(40));
    child.kill("SIGKILL");
    await closed;
    const document = await readFile(join(run, "ghost.json"), "utf8");
    if (!isWhole(document)) broken.push(`after kill ${kill} the document is torn`);
    if (kill > 0 && (await readHistory(run)).length === 0)
      broken.push(`after kill ${kill} nothing of the history verifies`);
  }
  return broken;
}

/** The writer's documents say at both ends which one they are. */
function isWhole(text: string): boolean {
  try {
    const { begin, end } = JSON.parse(text);
    return begin === end;
  } catch {
    return false;
  }
}
