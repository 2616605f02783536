/** Reads whatever a location names. The light part of this package: programs that only ask import this and no engine. */

import { readDocument } from "./document.js";
import { readManifests } from "./manifests.js";
import type { Reading, SourceLocation } from "./reading.js";

/** Reads a source as it is now. Rejects with an UnreadableSource where a file cannot be opened. */
export function readSource(location: SourceLocation): Promise<Reading> {
  return location.kind === "document" ? readDocument(location.file) : readManifests(location);
}

export { listManifests } from "./manifests.js";
export { UnreadableSource } from "./reading.js";
export type { Documents, Reading, SourceLocation } from "./reading.js";
