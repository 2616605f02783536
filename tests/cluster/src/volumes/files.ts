// A volume's sources -> its files. Throws MissingReference while one that is not optional is missing.

import type { DownwardItem, FilesSource, ProjectedSource, Volume } from "../api/objects.ts";
import { fieldOf, resourceOf, type PodFacts } from "../node/fields.ts";
import { entriesOf, MissingReference, type StoreKind, type Stores } from "../node/stores.ts";
import type { VolumeFile } from "./write.ts";

const defaultMode = 0o644;

export interface FilesContext {
  readonly facts: PodFacts;
  readonly stores: Stores;
  /** A token for the pod's service account; the caller renews it in time. */
  readonly token: (audience: string | undefined, seconds: number) => Promise<string>;
}

type Files = Map<string, VolumeFile>;

function storeFiles(
  context: FilesContext,
  kind: StoreKind,
  source: FilesSource,
  modeOfVolume: number,
): Files {
  const name = source.secretName ?? source.name ?? "";
  const entries = entriesOf(context.stores, kind, context.facts.pod.metadata.namespace ?? "", name);
  const files: Files = new Map();
  if (!entries) {
    if (source.optional === true) return files;
    throw new MissingReference(kind, name);
  }
  const mode = source.defaultMode ?? modeOfVolume;
  if (!source.items) {
    for (const [key, content] of entries) files.set(key, { content, mode });
    return files;
  }
  for (const item of source.items) {
    const content = entries.get(item.key);
    if (content) files.set(item.path, { content, mode: item.mode ?? mode });
    else if (source.optional !== true) throw new MissingReference(kind, name, item.key);
  }
  return files;
}

function downwardFiles(context: FilesContext, items: readonly DownwardItem[], mode: number): Files {
  const files: Files = new Map();
  for (const item of items) {
    const text = item.fieldRef
      ? fieldOf(context.facts, item.fieldRef)
      : item.resourceFieldRef
        ? resourceOf(context.facts, item.resourceFieldRef, undefined)
        : "";
    files.set(item.path, { content: Buffer.from(text), mode: item.mode ?? mode });
  }
  return files;
}

async function projectedFiles(
  context: FilesContext,
  source: ProjectedSource,
  mode: number,
): Promise<Files> {
  if (source.secret) return storeFiles(context, "secret", source.secret, mode);
  if (source.configMap) return storeFiles(context, "configMap", source.configMap, mode);
  if (source.downwardAPI) return downwardFiles(context, source.downwardAPI.items ?? [], mode);
  const token = source.serviceAccountToken;
  if (!token) throw new Error("a projected volume has a source that this node does not support");
  const text = await context.token(token.audience, token.expirationSeconds ?? 3600);
  return new Map([[token.path, { content: Buffer.from(text), mode }]]);
}

/** The files of a volume, or nothing when it is not of the kind that is made of files. */
export async function filesOf(context: FilesContext, volume: Volume): Promise<Files | undefined> {
  if (volume.secret) return storeFiles(context, "secret", volume.secret, defaultMode);
  if (volume.configMap) return storeFiles(context, "configMap", volume.configMap, defaultMode);
  if (volume.downwardAPI) {
    const { items = [], defaultMode: mode = defaultMode } = volume.downwardAPI;
    return downwardFiles(context, items, mode);
  }
  if (!volume.projected) return undefined;
  const files: Files = new Map();
  for (const source of volume.projected.sources ?? []) {
    const mode = volume.projected.defaultMode ?? defaultMode;
    for (const [path, file] of await projectedFiles(context, source, mode)) files.set(path, file);
  }
  return files;
}
