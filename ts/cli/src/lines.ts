/** Lines of files that findings name, as the files are now. */

import { readFileSync } from "node:fs";
import type { SourceLines } from "./render/diagnostics.js";
import { splitLines } from "./render/frame.js";

/** Reads each file when a finding first names it; of one that is gone there are no lines. */
export function currentLines(): SourceLines {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const lines = known.get(file) ?? readLines(file);
    known.set(file, lines);
    return lines;
  };
}

function readLines(file: string): readonly string[] {
  try {
    return splitLines(readFileSync(file));
  } catch {
    // The finding itself says what is wrong.
    return [];
  }
}
