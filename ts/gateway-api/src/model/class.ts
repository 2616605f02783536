/** GatewayClasses of ours (Gateway API `GatewayClassSpec`). */

import type { GatewayClassSpec } from "../objects.js";
import { bundleVersionAnnotation } from "../shape/values.js";
import { quote } from "../source.js";
import type { ClassRefusal, Problem } from "./problem.js";
import type { Entry, Table } from "./store.js";

/** API group of Ghost's own kinds. */
export const ghostGroup = "ghost-gateway.io";
const parametersKind = "GatewayClassParameters";

export interface ClassModel {
  readonly entry: Entry<GatewayClassSpec>;
  readonly refusals: readonly Problem<ClassRefusal>[];
}

export function judgeClass(entry: Entry<GatewayClassSpec>): ClassModel {
  const reference = entry.spec?.parametersRef;
  if (
    reference === undefined ||
    (reference.group === ghostGroup && reference.kind === parametersKind)
  )
    return { entry, refusals: [] };
  const message = `${quote(reference.kind)} of group ${quote(reference.group)} is no kind of parameters; ${parametersKind} of ${ghostGroup} is.`;
  const path = ["spec", "parametersRef"];
  return {
    entry,
    refusals: [{ reason: "InvalidParameters", code: "invalidParameters", path, message }],
  };
}

/** The versions of the Gateway API whose definitions this package was written for. */
export const supportedBundle = "v1.6";

/**
 * The version of the Gateway API's own definitions that are not supported; undefined when all are,
 * or none is known.
 */
export function unsupportedBundle(definitions: Table<object>): {
  readonly isKnown: boolean;
  readonly version?: string;
} {
  const versions = [...definitions].flatMap(
    ([, { metadata }]) => metadata.annotations.get(bundleVersionAnnotation) ?? [],
  );
  const [version] = versions.filter(
    (candidate) => candidate !== supportedBundle && !candidate.startsWith(`${supportedBundle}.`),
  );
  return { isKnown: versions.length > 0, ...(version === undefined ? {} : { version }) };
}
