/** Reads a routing document, and the endpoints file it names, from disk. */

import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { readEnvelope, textAt } from "./envelope.js";
import { UnreadableSource } from "./reading.js";
import type { Reading } from "./reading.js";

/** Reads both. Rejects with an UnreadableSource. */
export async function readDocument(file: string): Promise<Reading> {
  const routes = await read(file);
  const endpointsFile = endpointsFileOf(file, routes);
  const endpoints = endpointsFile === undefined ? undefined : await read(endpointsFile);
  const both =
    endpointsFile !== undefined && endpoints !== undefined ? { endpoints, endpointsFile } : {};
  return {
    documents: { routes, file, ...both },
    diagnostics: [],
    place: (diagnostics) => diagnostics,
    texts: new Map([
      [file, routes],
      ...(both.endpoints === undefined ? [] : [[both.endpointsFile, both.endpoints] as const]),
    ]),
  };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UnreadableSource(file, error);
  }
}

/** Relative to the document that names it. */
function endpointsFileOf(file: string, routes: Buffer): string | undefined {
  const named = nameIn(routes);
  // A name that no file can have is left to the core's findings.
  if (named === undefined || named === "" || named.includes("\0")) return undefined;
  return isAbsolute(named) ? named : join(dirname(file), named);
}

/**
 * What the routes that were read last name. Endpoints change far more often than routes, and to look into routes takes a string as
 * large as they are, which stays until the whole heap is swept.
 */
let last: { readonly routes: Buffer; readonly named: string | undefined } | undefined;

function nameIn(routes: Buffer): string | undefined {
  if (last?.routes.equals(routes) === true) return last.named;
  const text = routes.toString("utf8");
  const envelope = readEnvelope(text);
  last = { routes, named: envelope && textAt(text, envelope, "endpointsFile") };
  return last.named;
}
