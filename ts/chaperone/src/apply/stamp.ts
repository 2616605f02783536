/** The routes document as the engine gets it: byte by byte as written, but for the keys that are ours to set. Pure. */

import { placesWithoutSource } from "./places.js";
import { readEnvelope } from "../sources/envelope.js";
import type { Envelope, Place } from "../sources/envelope.js";

export interface Stamp {
  /** For a document that has none. */
  readonly generation?: number;
  /** Name of the endpoints document beside this one, for a document that names one. */
  readonly endpointsFile?: string;
  /** The same for a document that holds its endpoints itself: from here on those of this name count. */
  readonly ownEndpointsFile?: string;
  /** Name of the file that people edit, for the routes and rules that do not say where they come from. */
  readonly file?: string;
}

/** `routes` must be a document that the core has read. */
export function stampDocument(routes: Uint8Array, stamp: Stamp): Buffer {
  const text = Buffer.from(routes).toString("utf8");
  const envelope = readEnvelope(text);
  if (envelope === undefined)
    throw new Error("a document without an outer object cannot be stamped");
  const edits = [
    ...generationEdit(envelope, stamp),
    ...endpointsFileEdit(envelope, stamp),
    ...sourceEdits(text, stamp),
  ];
  return Buffer.from(applied(text, edits));
}

/** Text that takes the place of other text. */
interface Edit extends Place {
  readonly text: string;
}

function applied(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const edit of edits.toSorted((left, right) => left.start - right.start)) {
    parts.push(text.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  return parts.join("") + text.slice(done);
}

/** On the lines they are on, so that no line moves. */
function sourceEdits(text: string, { file }: Stamp): Edit[] {
  if (file === undefined) return [];
  return placesWithoutSource(text).map(({ offset, line, column, hasMembers }) => ({
    start: offset,
    end: offset,
    text: `"source":${JSON.stringify(`${file}:${line}:${column}`)}${hasMembers ? "," : ""}`,
  }));
}

/** Goes first on the first line, so that no line of the document moves; or where a null stands. */
function generationEdit({ start, values }: Envelope, { generation }: Stamp): Edit[] {
  if (generation === undefined) return [];
  const place = values.get("generation");
  if (place !== undefined) return [{ ...place, text: String(generation) }];
  return [{ start, end: start, text: `"generation":${generation},` }];
}

function endpointsFileEdit({ start, values }: Envelope, stamp: Stamp): Edit[] {
  const { endpointsFile, ownEndpointsFile } = stamp;
  const place = values.get("endpointsFile");
  if (ownEndpointsFile !== undefined) {
    const text = JSON.stringify(ownEndpointsFile);
    return place === undefined
      ? [{ start, end: start, text: `"endpointsFile":${text},` }]
      : [{ ...place, text }];
  }
  if (place === undefined || endpointsFile === undefined) return [];
  return [{ ...place, text: JSON.stringify(endpointsFile) }];
}
