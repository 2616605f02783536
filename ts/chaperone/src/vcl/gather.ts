/**
 * Copies the user's VCL, and the files it includes, to where the engine can read them.
 *
 * The engine's compiler runs as a user who may not be able to walk to the originals, and a copy does not change between being
 * checked and being compiled. Lines stay as they are, so that the compiler's messages fit the originals.
 */

import { readFile, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { findIncludes, quoteVcl, tokenize } from "./tokens.js";

/** Files that one VCL may consist of. */
const mostFiles = 64;
/** Bytes of one file. */
const longestFile = 1 << 20;

/** A file of the user's cannot be used, before any compiler has seen it. */
export class UnreadableVcl extends Error {
  override readonly name: string = "UnreadableVcl";
}

export interface GatherOptions {
  /** Where the copies go. */
  readonly folder: string;
  /** Makes a copy readable for the engine's users. */
  readonly share: (path: string) => Promise<void>;
}

export interface Gathered {
  /** The copy of the first file. */
  readonly main: string;
  /** Originals by their copies. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Rejects with an UnreadableVcl. */
export async function gatherVcl(file: string, { folder, share }: GatherOptions): Promise<Gathered> {
  const copies = new Map<string, string>();
  const copy = async (path: string, from?: string): Promise<string> => {
    const known = copies.get(path);
    if (known !== undefined) return known;
    if (copies.size >= mostFiles)
      throw new UnreadableVcl(`${file} includes more than ${mostFiles} files`);
    const target = join(folder, copies.size === 0 ? "user.vcl" : `user-${copies.size}.vcl`);
    copies.set(path, target);
    const text = await read(path, from);
    await writeFile(target, await withCopiedIncludes(text, path, copy));
    await share(target);
    return target;
  };
  const main = await copy(resolve(file));
  return { main, originals: new Map([...copies].map(([original, target]) => [target, original])) };
}

async function read(path: string, from: string | undefined): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableVcl(from === undefined ? reason : `${from}: ${reason}`);
  });
  if (bytes.length > longestFile)
    throw new UnreadableVcl(`${path} is longer than ${longestFile} bytes`);
  return bytes.toString("latin1");
}

type Copy = (path: string, from: string) => Promise<string>;

/** Absolute includes, and those beside the file (`./`). Others are looked up by the engine, in its parameter vcl_path. */
async function withCopiedIncludes(text: string, path: string, copy: Copy): Promise<Buffer> {
  let result = "";
  let done = 0;
  for (const { path: named, token } of findIncludes(tokenize(text))) {
    if (!isAbsolute(named) && !named.startsWith("./")) continue;
    const name = Buffer.from(named, "latin1").toString("utf8");
    const quoted = quoteVcl(await copy(resolve(dirname(path), name), path));
    if (quoted === undefined)
      throw new UnreadableVcl(`the path of the run folder cannot be written in VCL`);
    // Lines behind an include that spans lines must not move.
    const lines = token.text.split("\n").length - 1;
    result +=
      text.slice(done, token.start) + Buffer.from(quoted).toString("latin1") + "\n".repeat(lines);
    done = token.start + token.text.length;
  }
  return Buffer.from(result + text.slice(done), "latin1");
}
