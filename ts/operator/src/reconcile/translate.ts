/** Changes of the cluster, as the translation takes them. */

import type { Changes, KubernetesObject as TranslatedObject } from "@ghost-gateway/gateway-api";
import type { KubernetesObject } from "@ghost-gateway/kubernetes";
import type { ChangeSet } from "../store/object-store.js";
import { identityOf } from "./statuses.js";

export function changesOf({ stored, deleted }: ChangeSet): Changes {
  return {
    changed: stored.map((object) => ({ object: asTranslated(object) })),
    removed: deleted.map(({ kind = "", metadata: { namespace = "", name } }) => ({
      kind,
      namespace,
      name,
    })),
  };
}

/** `Kind/namespace/name` of everything in a change set. */
export function touchedBy({ stored, deleted }: ChangeSet): ReadonlySet<string> {
  return new Set(
    [...stored, ...deleted].map(({ kind = "", metadata: { namespace = "", name } }) =>
      identityOf({ kind, namespace, name }),
    ),
  );
}

/** The watch layer sees to it that every object says its kind. */
function asTranslated(object: KubernetesObject): TranslatedObject {
  const { apiVersion = "", kind = "" } = object;
  return { ...object, apiVersion, kind };
}
