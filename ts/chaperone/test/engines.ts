/** The engines that are at hand: the one that is installed, and those of `make engines` in their root folders. */

import { chmod, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface EngineAtHand {
  readonly name: string;
  /** Command for varnishd, for an engine whose run folder is made inside `folder`. */
  readonly varnishd: (folder: string) => Promise<string>;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const roots = join(root, ".cache/engines");

/** Root folders can be entered by root alone, so others have the installed one only. */
export function enginesAtHand(): EngineAtHand[] {
  const isRoot = process.getuid?.() === 0;
  const names = isRoot && existsSync(roots) ? readdirSync(roots, { withFileTypes: true }) : [];
  const others = names.filter((entry) => entry.isDirectory() && !entry.name.endsWith(".new"));
  return [
    { name: "the installed engine", varnishd: async () => "varnishd" },
    ...others.map(({ name }) => ({
      name: `the engine of ${name}`,
      varnishd: (folder: string) => inRoot(join(roots, name), folder),
    })),
  ];
}

async function inRoot(engineRoot: string, folder: string): Promise<string> {
  const script = join(folder, "varnishd");
  const enter = join(root, "tests/chaos/in-root");
  await writeFile(script, `#!/bin/sh\nexec ${enter} ${engineRoot} ${folder} varnishd "$@"\n`);
  await chmod(script, 0o755);
  return script;
}
