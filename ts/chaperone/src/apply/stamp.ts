/** The routes document as the engine gets it: byte by byte as written, but for the two keys that are ours to set. Pure. */

import { readEnvelope } from "../sources/envelope.js";
import type { Envelope, Place } from "../sources/envelope.js";

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
  const edits = [...generationEdit(envelope, stamp), ...endpointsFileEdit(envelope, stamp)];
  // From the end on, so that the places of the others stay right.
  const ordered = edits.toSorted((left, right) => right.start - left.start);
  return Buffer.from(ordered.reduce(apply, text));
}

/** Text that takes the place of other text. */
interface Edit extends Place {
  readonly text: string;
}

function apply(text: string, edit: Edit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/** Goes first on the first line, so that no line of the document moves; or where a null stands. */
function generationEdit({ start, values }: Envelope, { generation }: Stamp): Edit[] {
  if (generation === undefined) return [];
  const place = values.get("generation");
  if (place !== undefined) return [{ ...place, text: String(generation) }];
  return [{ start, end: start, text: `"generation":${generation},` }];
}

function endpointsFileEdit({ values }: Envelope, { endpointsFile }: Stamp): Edit[] {
  const place = values.get("endpointsFile");
  if (place === undefined || endpointsFile === undefined) return [];
  return [{ ...place, text: JSON.stringify(endpointsFile) }];
}
