/** A whole collection, page by page. */

import type { Connection } from "../connection.js";
import { ApiError, ConnectionError } from "../error.js";
import { apiVersionOf, pathOf } from "../resource.js";
import type { Resource } from "../resource.js";
import type { KubernetesObject } from "../objects.js";

/** Which objects of a resource. */
export interface Selection {
  readonly resource: Resource;
  /** All namespaces unless given. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface Snapshot<Kind> {
  readonly objects: readonly Kind[];
  /** Of the collection: where a watch goes on. */
  readonly resourceVersion: string;
}

interface ListPage<Kind> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly Kind[] | null;
}

const pageLimit = 500;

/** Path and query that list and watch have in common. */
export function collectionOf({ resource, namespace, labelSelector, fieldSelector }: Selection): {
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
} {
  return { path: pathOf(resource, { namespace }), query: { labelSelector, fieldSelector } };
}

/**
 * Lists everything, consistently: all pages are of one version of the collection. Where the server forgets that version
 * midway (410), the rest could only be of another one, so the list begins again, whole.
 */
export async function listAll<Kind extends KubernetesObject>(
  connection: Connection,
  selection: Selection,
  signal: AbortSignal,
): Promise<Snapshot<Kind>> {
  try {
    return await listPaged<Kind>(connection, selection, pageLimit, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isGone) throw error;
    return listPaged<Kind>(connection, selection, undefined, signal);
  }
}

async function listPaged<Kind extends KubernetesObject>(
  connection: Connection,
  selection: Selection,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<Snapshot<Kind>> {
  const { path, query } = collectionOf(selection);
  const objects: Kind[] = [];
  let token: string | undefined;
  for (;;) {
    const page = await connection.send<ListPage<Kind>>({
      method: "GET",
      path,
      query: { ...query, limit: limit?.toString(), continue: token },
      signal,
    });
    for (const item of page.items ?? []) objects.push(withKind(item, selection.resource));
    const { resourceVersion, continue: next } = page.metadata ?? {};
    if (resourceVersion === undefined)
      throw new ConnectionError(`GET ${path}`, "the list has no resourceVersion");
    if (next === undefined || next === "") return { objects, resourceVersion };
    token = next;
  }
}

/** Items of a list come without `kind` and `apiVersion`; those of a watch have them. */
function withKind<Kind extends KubernetesObject>(item: Kind, resource: Resource): Kind {
  return { ...item, apiVersion: apiVersionOf(resource), kind: resource.kind };
}
