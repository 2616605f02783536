/** What a source of configuration gives: documents for the core and the engine, and what was found on the way. */

import type { Diagnostic } from "@ghost-gateway/core";

/** Where the configuration comes from. */
export type SourceLocation =
  /** A routing document, with the endpoints file it may name. */
  | { readonly kind: "document"; readonly file: string }
  /** Gateway API manifests: files, or folders of them. */
  | {
      readonly kind: "manifests";
      readonly paths: readonly string[];
      readonly controllerName?: string;
      readonly gateway?: string;
    };

/** The documents, as bytes, since whether they are text is for the core to say. */
export interface Documents {
  readonly routes: Uint8Array;
  /** The routes document's name in findings. */
  readonly file: string;
  readonly endpoints?: Uint8Array;
  readonly endpointsFile?: string;
}

export interface Reading {
  /** Null: a part could not be read, so the whole is not to be used. `diagnostics` says why. */
  readonly documents: Documents | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Puts findings of the core into the files that people edit, where the document was made from others. */
  readonly place: (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];
  /** Contents of the files by name, for showing the lines that findings are about. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
}

/** A file or folder that cannot be read. */
export class UnreadableSource extends Error {
  override readonly name: string = "UnreadableSource";
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path}: ${describe(cause)}`, { cause });
    this.path = path;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  ELOOP: "too many symbolic links",
};

function describe(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
}
