/** Which configuration is meant: the options `-c`, `-f`, `--gateway` and `--controller`, and the paths of `check`. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { readEnvelope, UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { SourceLocation } from "@ghost-gateway/chaperone/configuration";
import { usageFailure } from "./exit.js";

export interface SourceOptions {
  readonly config?: string;
  readonly filename?: readonly string[];
  readonly gateway?: string;
  readonly controller?: string;
  readonly cluster?: boolean;
  readonly pod?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

const defaultDocument = "ghost.json";
let spooled: string | undefined;

/** `-` is standard input, as for kubectl. It can be read once only and sources are read by name, so it is put into a file. */
function fileOf(path: string): string {
  if (path !== "-") return path;
  if (spooled === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "ghostctl-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    spooled = join(folder, "stdin");
    writeFileSync(spooled, readFileSync("/dev/stdin"), { mode: 0o600 });
  }
  return spooled;
}

/** The document that the chaperone of a run folder serves now. */
export function servedIn(runFolder: string): SourceLocation {
  return { kind: "document", file: join(runFolder, "routes", "ghost.json") };
}

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
  return { kind: "document", file: fileOf(config ?? defaultDocument) };
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
    paths: paths.map(fileOf),
    ...(controllerName === undefined ? {} : { controllerName }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

/** The source that one path stands for, a document or manifests. */
export async function sourceOf(path: string): Promise<SourceLocation> {
  const [source] = await sourcesOf([path]);
  if (source === undefined) throw usageFailure(`${path}: nothing is there`);
  return source;
}

/** What paths hold, whatever they are called: each routing document is a source, all manifests together are one. */
export async function sourcesOf(paths: readonly string[]): Promise<SourceLocation[]> {
  const documents: SourceLocation[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const file = fileOf(path);
    if (await isManifest(file)) others.push(file);
    else documents.push({ kind: "document", file });
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
