/**
 * Whether a reference across namespaces is permitted (Gateway API ReferenceGrant). The grant lives
 * where the target lives; one grant must have a fitting `from` and a fitting `to`; grants are ORed.
 */

import type { ReferenceGrantSpec } from "../objects.js";
import type { Entry, Find } from "./store.js";

/** Who refers. */
export interface Referrer {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

/** What is referred to. */
export interface Target extends Referrer {
  readonly name: string;
}

/** Grants by the namespace they open. */
export type Grants = Find<readonly ReferenceGrantSpec[]>;

/** A malformed grant grants nothing. */
export function readGrants(
  table: Iterable<readonly [string, Entry<ReferenceGrantSpec>]>,
): Map<string, ReferenceGrantSpec[]> {
  const grants = new Map<string, ReferenceGrantSpec[]>();
  for (const [, { metadata, spec }] of table) {
    if (spec === undefined) continue;
    const known = grants.get(metadata.namespace);
    if (known === undefined) grants.set(metadata.namespace, [spec]);
    else known.push(spec);
  }
  return grants;
}

/** Inside one namespace every reference is permitted. */
export function isPermitted(grants: Grants, referrer: Referrer, target: Target): boolean {
  if (referrer.namespace === target.namespace) return true;
  return (grants.get(target.namespace) ?? []).some((grant) =>
    grantsReference(grant, referrer, target),
  );
}

function grantsReference(
  { from, to }: ReferenceGrantSpec,
  referrer: Referrer,
  target: Target,
): boolean {
  const isFrom = from.some(
    ({ group, kind, namespace }) =>
      group === referrer.group && kind === referrer.kind && namespace === referrer.namespace,
  );
  // No name: every object of the kind.
  return (
    isFrom &&
    to.some(
      ({ group, kind, name }) =>
        group === target.group && kind === target.kind && (name || target.name) === target.name,
    )
  );
}
