// A container's environment: the image's, then what `envFrom` brings, then `env` in its order. Pure but for the stores.

import type { ContainerSpec, EnvironmentVariable } from "../api/objects.ts";
import { fieldOf, resourceOf, type PodFacts } from "./fields.ts";
import { entriesOf, MissingReference, type StoreKind, type Stores } from "./stores.ts";

export interface EnvironmentContext {
  readonly facts: PodFacts;
  readonly stores: Stores;
  /** Where pods find the API server. */
  readonly apiServer: { readonly address: string; readonly port: number };
}

/** `$(NAME)` stands for a variable defined before, `$$` for a dollar sign; an unknown name stays as it is written. */
export function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(\$|\(([^)]*)\))/g,
    (whole, token: string, name: string | undefined) => {
      if (token === "$") return "$";
      return known.get(name ?? "") ?? whole;
    },
  );
}

function keyValue(
  context: EnvironmentContext,
  kind: StoreKind,
  source: { readonly name: string; readonly key: string; readonly optional?: boolean },
): string | undefined {
  const namespace = context.facts.pod.metadata.namespace ?? "";
  const entries = entriesOf(context.stores, kind, namespace, source.name);
  const value = entries?.get(source.key);
  if (value !== undefined) return value.toString();
  if (source.optional === true) return undefined;
  throw new MissingReference(kind, source.name, entries === undefined ? undefined : source.key);
}

function valueOf(
  context: EnvironmentContext,
  container: ContainerSpec,
  variable: EnvironmentVariable,
  known: ReadonlyMap<string, string>,
): string | undefined {
  const from = variable.valueFrom;
  if (!from) return expand(variable.value ?? "", known);
  if (from.fieldRef) return fieldOf(context.facts, from.fieldRef);
  if (from.resourceFieldRef) return resourceOf(context.facts, from.resourceFieldRef, container);
  if (from.secretKeyRef) return keyValue(context, "secret", from.secretKeyRef);
  if (from.configMapKeyRef) return keyValue(context, "configMap", from.configMapKeyRef);
  return undefined;
}

/** Throws MissingReference while something that is not optional is missing. */
export function environmentOf(
  context: EnvironmentContext,
  container: ContainerSpec,
  ofImage: readonly string[],
): Map<string, string> {
  const { apiServer, facts, stores } = context;
  const known = new Map<string, string>();
  for (const line of ofImage) {
    const [name = ""] = line.split("=", 1);
    known.set(name, line.slice(name.length + 1));
  }
  known.set("HOSTNAME", facts.pod.spec.hostname ?? facts.pod.metadata.name);
  known.set("KUBERNETES_SERVICE_HOST", apiServer.address);
  known.set("KUBERNETES_SERVICE_PORT", String(apiServer.port));
  for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
    const reference = secretRef ?? configMapRef;
    if (!reference) continue;
    const kind = secretRef ? "secret" : "configMap";
    const namespace = facts.pod.metadata.namespace ?? "";
    const entries = entriesOf(stores, kind, namespace, reference.name);
    if (!entries && reference.optional !== true) throw new MissingReference(kind, reference.name);
    for (const [key, value] of entries ?? []) known.set(`${prefix}${key}`, value.toString());
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(context, container, variable, known);
    if (value !== undefined) known.set(variable.name, value);
  }
  return known;
}
