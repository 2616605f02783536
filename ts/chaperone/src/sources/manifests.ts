/** Reads Gateway API manifests from files and folders and translates them to a routing document. */

import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UnreadableSource } from "./reading.js";
import type { Reading, SourceLocation } from "./reading.js";

type Manifests = Extract<SourceLocation, { readonly kind: "manifests" }>;

const manifestName = /^[^.].*\.(?:ya?ml|json)$/i;

/** Reads and translates. Rejects with an UnreadableSource. */
export async function readManifests(location: Manifests): Promise<Reading> {
  const { readObjects, relocate, translate } = await import("@ghost-gateway/gateway-api");
  const names = await listManifests(location.paths);
  const texts = new Map<string, Uint8Array>();
  for (const name of names) texts.set(name, await attempt(name, readFile(name)));
  const files = [...texts].map(([name, bytes]) => ({
    name,
    text: Buffer.from(bytes).toString("utf8"),
  }));
  const read = readObjects(files);
  const { controllerName, gateway } = location;
  const translated = translate(read.objects, {
    isPartial: true,
    // Whoever may write these files runs this program: a name gives them nothing new.
    followsExternalNames: true,
    ...(controllerName === undefined ? {} : { controllerName }),
    ...(gateway === undefined ? {} : { gateway }),
  });
  // A file that is broken in the middle has lost objects: what is left of it would take routes away.
  const isWhole = read.diagnostics.every(({ severity }) => severity !== "error");
  const routes = Buffer.from(`${JSON.stringify(translated.document)}\n`);
  return {
    documents: isWhole ? { routes, file: names[0] ?? location.paths[0] ?? "" } : null,
    diagnostics: [...read.diagnostics, ...translated.diagnostics],
    place: (diagnostics) => relocate(diagnostics, translated.document, read.objects),
    texts,
  };
}

/** The files that are meant: those of a folder by name, in order, without those of folders in it. */
export async function listManifests(paths: readonly string[]): Promise<string[]> {
  const lists = paths.map(async (path) => {
    const isFolder = (await attempt(path, stat(path))).isDirectory();
    if (!isFolder) return [path];
    const names = (await attempt(path, readdir(path))).filter((name) => manifestName.test(name));
    return names.toSorted().map((name) => join(path, name));
  });
  return (await Promise.all(lists)).flat();
}

async function attempt<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new UnreadableSource(path, error);
  }
}
