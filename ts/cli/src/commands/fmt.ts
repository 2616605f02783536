/** `ghostctl fmt`: configuration files in their one form. */

import { readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import { format } from "../format/format.js";

interface Options {
  readonly write?: boolean;
  readonly check?: boolean;
}

export const fmt: Run<Options> = async (files, { write = false, check = false }, io) => {
  if (write && check) throw usageFailure("give either --write or --check");
  const changed: string[] = [];
  for (const file of files) {
    const before = await readText(file);
    const after = format(before, file);
    if (!write && !check) io.out.write(after);
    if (before === after) continue;
    changed.push(file);
    if (check) io.out.write(`${file}\n`);
    if (write) await replace(file, after);
  }
  if (write || check) {
    const verb = write ? "written" : "to be formatted";
    io.err.write(`${changed.length} of ${files.length} files ${verb}\n`);
  }
  return check && changed.length > 0 ? exitCode.findings : exitCode.fine;
};

async function readText(file: string): Promise<string> {
  const path = file === "-" ? "/dev/stdin" : file;
  const bytes = await readFile(path).catch((error: unknown) => {
    throw usageFailure(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    return new TextDecoder("utf8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw usageFailure(`${file}: it is not UTF-8`, { cause: error });
  }
}

/** Whole or not at all, with the mode it had. */
async function replace(file: string, text: string): Promise<void> {
  const { mode } = await stat(file);
  const next = join(dirname(file), `.${process.pid}.ghostctl-fmt`);
  try {
    await writeFile(next, text, { mode, flag: "wx", flush: true });
    await rename(next, file);
  } catch (error) {
    await unlink(next).catch(() => undefined);
    throw usageFailure(`${file} cannot be written: ${String(error)}`, { cause: error });
  }
}
