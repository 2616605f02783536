/**
 * Stands in for the translation's look at certificates, which takes Node's crypto: here they are believed. A page that
 * anyone may open is no place for private keys, and whether one fits changes no answer about routing.
 */

import type { KubernetesObject } from "@ghost-gateway/gateway-api";

type Entry = Pick<KubernetesObject, "metadata">;

function nameOf({ metadata }: Entry): string {
  const { namespace, name } = metadata as { namespace?: string; name?: string };
  return `${namespace}/${name}`;
}

export function readCertificate(entry: Entry): { readonly secret: string } {
  return { secret: nameOf(entry) };
}

export function readAuthorities(entry: Entry): { readonly configMap: string } {
  return { configMap: nameOf(entry) };
}
