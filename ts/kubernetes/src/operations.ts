/** What is done with objects, a function each. All reject with ApiError or ConnectionError. */

import type { Connection } from "./connection.js";
import { ApiError } from "./error.js";
import type { KubernetesObject } from "./objects.js";
import { apiVersionOf, pathOf } from "./resource.js";
import type { ObjectPath, Resource } from "./resource.js";

/** Names the writer of a field (server-side apply). */
export type FieldManager = string;

/** The object, or undefined where there is none. */
export async function get<Kind extends KubernetesObject>(
  connection: Connection,
  resource: Resource,
  at: ObjectPath,
  signal?: AbortSignal,
): Promise<Kind | undefined> {
  return orMissing(connection.send<Kind>({ method: "GET", path: pathOf(resource, at), signal }));
}

export async function create<Kind extends KubernetesObject>(
  connection: Connection,
  resource: Resource,
  object: Kind,
  signal?: AbortSignal,
): Promise<Kind> {
  const { namespace } = object.metadata;
  return connection.send<Kind>({
    method: "POST",
    path: pathOf(resource, { namespace }),
    body: { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind },
    signal,
  });
}

/**
 * Makes the fields of `object` so, and those of `manager` that it no longer names go. Takes fields from other managers:
 * for objects that are ours alone.
 */
export async function apply<Kind extends KubernetesObject>(
  connection: Connection,
  resource: Resource,
  object: Kind,
  manager: FieldManager,
  subresource?: "status",
): Promise<Kind> {
  const { namespace, name } = object.metadata;
  return connection.send<Kind>({
    method: "PATCH",
    path: pathOf(resource, { namespace, name, subresource }),
    query: { fieldManager: manager, force: "true" },
    contentType: "application/apply-patch+yaml",
    body: { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind },
  });
}

/** Writes over an object whose `resourceVersion` we read: a Conflict when someone wrote in between. */
export async function replace<Kind extends KubernetesObject>(
  connection: Connection,
  resource: Resource,
  object: Kind,
  subresource?: "status",
  signal?: AbortSignal,
): Promise<Kind> {
  const { namespace, name } = object.metadata;
  return connection.send<Kind>({
    method: "PUT",
    path: pathOf(resource, { namespace, name, subresource }),
    body: { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind },
    signal,
  });
}

/** JSON merge patch (RFC 7396): null removes. */
export async function mergePatch<Kind extends KubernetesObject>(
  connection: Connection,
  resource: Resource,
  at: ObjectPath,
  patch: object,
): Promise<Kind> {
  return connection.send<Kind>({
    method: "PATCH",
    path: pathOf(resource, at),
    contentType: "application/merge-patch+json",
    body: patch,
  });
}

export interface DeleteOptions {
  /** Only this object, not one that took its name meanwhile. */
  readonly uid?: string | undefined;
  readonly propagation?: "Background" | "Foreground" | "Orphan";
}

/** Deletes; an object that is not there, or that is another one by now, is as good as deleted. */
export async function remove(
  connection: Connection,
  resource: Resource,
  at: ObjectPath,
  { uid, propagation = "Background" }: DeleteOptions = {},
): Promise<void> {
  const body = {
    kind: "DeleteOptions",
    apiVersion: "v1",
    propagationPolicy: propagation,
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  };
  try {
    await connection.send({ method: "DELETE", path: pathOf(resource, at), body });
  } catch (error) {
    const isAway =
      error instanceof ApiError && (error.isNotFound || (uid !== undefined && error.isConflict));
    if (!isAway) throw error;
  }
}

/**
 * Reads, edits, writes; again when someone else wrote in between. `edit` gives undefined where nothing is to be written.
 * For objects with several writers. Gives what is stored at the end, undefined for an object that is not there.
 */
export async function edit<Kind extends KubernetesObject>(
  connection: Connection,
  resource: Resource,
  at: ObjectPath & { readonly subresource?: "status" },
  change: (object: Kind) => Kind | undefined,
): Promise<Kind | undefined> {
  for (let tries = 1; ; tries += 1) {
    const { namespace, name, subresource } = at;
    const stored = await get<Kind>(connection, resource, { namespace, name });
    if (stored === undefined) return undefined;
    const wanted = change(stored);
    if (wanted === undefined) return stored;
    try {
      return await orMissing(replace(connection, resource, wanted, subresource));
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isConflict || tries === editTries) throw error;
    }
  }
}

/** After so many conflicts in a row someone fights us; the caller's back-off decides. */
const editTries = 5;

async function orMissing<Kind>(answer: Promise<Kind>): Promise<Kind | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}
