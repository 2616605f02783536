/** The routes document as the engine gets it: byte by byte as written, but for the two keys that are ours to set. Pure. */

import { readEnvelope } from "../sources/envelope.js";
import type { Envelope } from "../sources/envelope.js";

export interface Stamp {
  /** For a document that has none. */
  readonly generation?: number;
  /** Name of the endpoints document beside this one, for a document that names one. */
  readonly endpointsFile?: string;
}

/** `routes` must be a document that the core has read. */
export function stampDocument(routes: Uint8Array, stamp: Stamp): Buffer {
  const text = Buffer.from(routes).toString("utf8");
  const envelope = readEnvelope(text);
  if (envelope === undefined)
    throw new Error("a document without an outer object cannot be stamped");
  return Buffer.from(addGeneration(replaceEndpointsFile(text, envelope, stamp), envelope, stamp));
}

/** Goes first on the first line, so that no line of the document moves. */
function addGeneration(text: string, { start }: Envelope, { generation }: Stamp): string {
  if (generation === undefined) return text;
  return `${text.slice(0, start)}"generation":${generation},${text.slice(start)}`;
}

function replaceEndpointsFile(
  text: string,
  { values }: Envelope,
  { endpointsFile }: Stamp,
): string {
  const place = values.get("endpointsFile");
  if (place === undefined || endpointsFile === undefined) return text;
  return text.slice(0, place.start) + JSON.stringify(endpointsFile) + text.slice(place.end);
}
