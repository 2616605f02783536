// The downward API: fields of a pod and resources of its containers as text.

import { availableParallelism, totalmem } from "node:os";
import type { ContainerSpec, FieldSource, Pod, ResourceSource } from "../api/objects.ts";

/** What a pod's fields are read from: its object, and what the node knows before the status is written. */
export interface PodFacts {
  readonly pod: Pod;
  readonly address: string;
  readonly node: { readonly name: string; readonly address: string };
}

/** Thrown for what the API server accepts and this node does not know. */
export class UnsupportedField extends Error {
  constructor(field: string) {
    super(`field ${field} is not supported by this node`);
    this.name = "UnsupportedField";
  }
}

/** `key="value"` by line, as a file of all labels or annotations is written. */
function lines(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}

export function fieldOf({ pod, address, node }: PodFacts, { fieldPath }: FieldSource): string {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(fieldPath);
  if (subscript) {
    const [, kind, key = ""] = subscript;
    return (kind === "labels" ? metadata.labels : metadata.annotations)?.[key] ?? "";
  }
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid;
    case "metadata.labels":
      return lines(metadata.labels);
    case "metadata.annotations":
      return lines(metadata.annotations);
    case "spec.nodeName":
      return node.name;
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return node.address;
    case "status.podIP":
    case "status.podIPs":
      return address;
    default:
      throw new UnsupportedField(fieldPath);
  }
}

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity such as 250m or 64Mi as a number. */
export function quantity(text: string): number {
  const parsed = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text);
  const factor = parsed?.[2] ? suffixes[parsed[2]] : 1;
  if (!parsed || factor === undefined) throw new UnsupportedField(`quantity ${text}`);
  return Number(parsed[1]) * factor;
}

/** A limit or request, rounded up to whole divisors; a limit that is not set is the machine's. */
export function resourceOf(
  { pod }: PodFacts,
  source: ResourceSource,
  container: ContainerSpec | undefined,
): string {
  const named = pod.spec.containers.find(({ name }) => name === source.containerName);
  const resources = (named ?? container)?.resources;
  const [kind, ...rest] = source.resource.split(".");
  const name = rest.join(".");
  const machine = { cpu: availableParallelism(), memory: totalmem() }[name];
  const requested = resources?.requests?.[name];
  const limit = resources?.limits?.[name];
  const value = kind === "limits" ? limit : (requested ?? limit);
  const divisor =
    source.divisor === undefined || source.divisor === "0" ? 1 : quantity(source.divisor);
  const amount = value === undefined ? (kind === "limits" ? machine : 0) : quantity(value);
  if (amount === undefined) throw new UnsupportedField(source.resource);
  // Sums such as 0.1 / 0.001 are a hair above the whole number they mean.
  return String(Math.ceil(amount / divisor - 1e-9));
}
