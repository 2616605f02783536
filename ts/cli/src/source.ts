/** Which configuration is meant: the options `-c`, `-f`, `--gateway` and `--controller`, and the paths of `check`. */

import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { readEnvelope, UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { SourceLocation } from "@ghost-gateway/chaperone/configuration";
import { usageFailure } from "./exit.js";

export interface SourceOptions {
  readonly config?: string;
  readonly filename?: readonly string[];
  readonly gateway?: string;
  readonly controller?: string;
}

const defaultDocument = "ghost.json";

/** The one source that the options name. */
export function sourceFrom({
  config,
  filename,
  gateway,
  controller,
}: SourceOptions): SourceLocation {
  if (config !== undefined && filename !== undefined)
    throw usageFailure("give either -c or -f, not both");
  if (filename !== undefined) return manifests(filename, gateway, controller);
  if (gateway !== undefined || controller !== undefined)
    throw usageFailure("--gateway and --controller go with -f");
  if (config === undefined && !existsSync(defaultDocument))
    throw usageFailure(
      `there is no ${defaultDocument} in this folder; name a file with -c, or manifests with -f`,
    );
  return { kind: "document", file: config ?? defaultDocument };
}

function manifests(
  paths: readonly string[],
  gateway: string | undefined,
  controllerName: string | undefined,
): SourceLocation {
  if (gateway !== undefined && !/^[^/]+\/[^/]+$/.test(gateway))
    throw usageFailure(`--gateway ${gateway}: write namespace/name`);
  return {
    kind: "manifests",
    paths,
    ...(controllerName === undefined ? {} : { controllerName }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

/** What paths hold, whatever they are called: each routing document is a source, all manifests together are one. */
export async function sourcesOf(paths: readonly string[]): Promise<SourceLocation[]> {
  const documents: SourceLocation[] = [];
  const others: string[] = [];
  for (const path of paths) {
    if (await isManifest(path)) others.push(path);
    else documents.push({ kind: "document", file: path });
  }
  return others.length === 0 ? documents : [...documents, { kind: "manifests", paths: others }];
}

async function isManifest(path: string): Promise<boolean> {
  if (/^\.ya?ml$/i.test(extname(path))) return true;
  try {
    if ((await stat(path)).isDirectory()) return true;
    const envelope = readEnvelope(await readFile(path, "utf8"));
    return (
      envelope !== undefined && envelope.values.has("apiVersion") && envelope.values.has("kind")
    );
  } catch (error) {
    throw new UnreadableSource(path, error);
  }
}
