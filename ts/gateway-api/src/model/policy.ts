/**
 * BackendTLSPolicies: how backends are spoken to over TLS, and which of several policies counts
 * (Gateway API `BackendTLSPolicySpec`).
 */

import type { BackendTLSPolicySpec, PolicyTarget, SubjectAltName } from "../objects.js";
import type { ObjectReference } from "../objects.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { readAuthorities } from "./certificate.js";
import type { AuthorityModel } from "./certificate.js";
import type { Lookup } from "./lookup.js";
import type { PolicyRefusal, PolicyUnresolved, Problem } from "./problem.js";
import { compareAge } from "./store.js";
import type { Entry } from "./store.js";

/** How a backend is spoken to over TLS. */
export interface BackendTls {
  /** `namespace/name` of the policy. */
  readonly policy: string;
  /** Server name asked for; also the name that is verified, unless there are subjectAltNames. */
  readonly hostname: string;
  /** Any of these names suffices, and `hostname` is not checked. */
  readonly subjectAltNames: readonly SubjectAltName[];
  readonly trust: "system" | readonly AuthorityModel[];
}

export interface PolicyModel {
  readonly entry: Entry<BackendTLSPolicySpec>;
  /** Why it is not obeyed; its Services then get no requests at all, never plain ones. */
  readonly refusals: readonly Problem<PolicyRefusal>[];
  readonly unresolved: readonly Problem<PolicyUnresolved>[];
  /** Undefined with a refusal. */
  readonly tls?: BackendTls;
}

/** A policy's hold on a Service or one of its ports. */
export interface PolicyClaim {
  readonly policy: PolicyModel;
  /** Name of the port; absent: all of them. */
  readonly sectionName?: string;
  /** The policy that takes precedence over this one, by `Kind/namespace/name`. */
  readonly loserTo?: string;
}

export function judgePolicy(entry: Entry<BackendTLSPolicySpec>, lookup: Lookup): PolicyModel {
  const { spec, findings } = entry;
  if (spec === undefined)
    return {
      entry,
      refusals: findings.map((finding) => ({ ...finding, reason: "Invalid" })),
      unresolved: [],
    };
  const trust = judgeTrust(entry, spec, lookup);
  const refusals = [
    ...spec.targetRefs.flatMap((target, index) =>
      targetRefusals(target, entry, ["spec", "targetRefs", index], lookup),
    ),
    ...trust.refusals,
  ];
  const { namespace, name } = entry.metadata;
  const { hostname, subjectAltNames } = spec.validation;
  const tls = { policy: `${namespace}/${name}`, hostname, subjectAltNames, trust: trust.trust };
  return {
    entry,
    refusals,
    unresolved: trust.unresolved,
    ...(refusals.length > 0 ? {} : { tls }),
  };
}

function targetRefusals(
  { group, kind, name, sectionName }: PolicyTarget,
  { metadata }: Entry<unknown>,
  path: Path,
  { store }: Lookup,
): Problem<PolicyRefusal>[] {
  const refuse = (reason: PolicyRefusal, message: string): Problem<PolicyRefusal>[] => [
    { reason, code: "invalidPolicy", path, message },
  ];
  if (group !== "" || kind !== "Service")
    return refuse(
      "Invalid",
      `${quote(kind)} of group ${quote(group)} is no backend; a Service is.`,
    );
  const key = `${metadata.namespace}/${name}`;
  const service = store.Service.get(key)?.spec;
  if (service === undefined) return refuse("TargetNotFound", `Service ${key} does not exist.`);
  if (sectionName === undefined || service.ports.some((port) => port.name === sectionName))
    return [];
  return refuse("TargetNotFound", `Service ${key} has no port named ${sectionName}.`);
}

interface Trust {
  readonly trust: BackendTls["trust"];
  readonly refusals: readonly Problem<PolicyRefusal>[];
  readonly unresolved: readonly Problem<PolicyUnresolved>[];
}

function judgeTrust(
  entry: Entry<BackendTLSPolicySpec>,
  { validation }: BackendTLSPolicySpec,
  lookup: Lookup,
): Trust {
  const { caCertificateRefs, wellKnownCACertificates } = validation;
  const path = ["spec", "validation"];
  const invalid = (message: string): Trust => ({
    trust: [],
    refusals: [{ reason: "Invalid", code: "invalidPolicy", path, message }],
    unresolved: [],
  });
  if ((wellKnownCACertificates === undefined) === (caCertificateRefs.length === 0))
    return invalid("Either caCertificateRefs or wellKnownCACertificates is needed, and not both.");
  if (wellKnownCACertificates !== undefined)
    return wellKnownCACertificates === "System"
      ? { trust: "system", refusals: [], unresolved: [] }
      : invalid(`The authorities ${quote(wellKnownCACertificates)} are not known; System is.`);
  const followed = caCertificateRefs.map((reference, index) =>
    followAuthority(
      reference,
      entry.metadata.namespace,
      [...path, "caCertificateRefs", index],
      lookup,
    ),
  );
  const trust = followed.flatMap((found) => ("configMap" in found ? [found] : []));
  const message = "No authority that the backend could be checked against is usable.";
  return {
    trust,
    refusals:
      trust.length > 0
        ? []
        : [{ reason: "NoValidCACertificate", code: "invalidAuthority", path, message }],
    unresolved: followed.flatMap((found) => ("configMap" in found ? [] : [found])),
  };
}

function followAuthority(
  { group, kind, name }: ObjectReference,
  namespace: string,
  path: Path,
  { store, isPartial }: Lookup,
): AuthorityModel | Problem<PolicyUnresolved> {
  const fail = (reason: PolicyUnresolved, message: string): Problem<PolicyUnresolved> => ({
    reason,
    code: "invalidAuthority",
    path,
    message,
  });
  if (group !== "" || kind !== "ConfigMap")
    return fail(
      "InvalidKind",
      `${quote(kind)} of group ${quote(group)} holds no authorities; a ConfigMap does.`,
    );
  const key = `${namespace}/${name}`;
  const entry = store.ConfigMap.get(key);
  if (entry === undefined)
    return isPartial
      ? { configMap: key }
      : fail("InvalidCACertificateRef", `ConfigMap ${key} does not exist.`);
  const found = readAuthorities(entry);
  return typeof found === "string" ? fail("InvalidCACertificateRef", found) : found;
}

/** Claims by Service, the older policy first; of two with the same target and port the later loses. */
export function claimsByService(
  policies: Iterable<PolicyModel>,
): Map<string, readonly PolicyClaim[]> {
  const claims = new Map<string, PolicyClaim[]>();
  const sorted = [...policies].toSorted((left, right) => compareAge(left.entry, right.entry));
  for (const policy of sorted) {
    for (const target of targetsOf(policy)) {
      const key = `${policy.entry.metadata.namespace}/${target.name}`;
      const known = claims.get(key) ?? [];
      const winner = known.find(({ sectionName }) => sectionName === target.sectionName);
      claims.set(key, [
        ...known,
        {
          policy,
          ...(target.sectionName === undefined ? {} : { sectionName: target.sectionName }),
          ...(winner === undefined ? {} : { loserTo: winner.policy.entry.identity }),
        },
      ]);
    }
  }
  return claims;
}

/** Services a policy is about; of a malformed one those that can be made out. */
export function targetsOf({ entry }: PolicyModel): readonly PolicyTarget[] {
  const targets = entry.spec?.targetRefs ?? writtenTargets(entry.source.object["spec"]);
  return targets.filter(({ group, kind }) => group === "" && kind === "Service");
}

// A policy that cannot be read still must keep plain requests from its Service.
function writtenTargets(spec: unknown): PolicyTarget[] {
  const written =
    typeof spec === "object" && spec !== null && "targetRefs" in spec ? spec.targetRefs : [];
  return (Array.isArray(written) ? written : []).flatMap((target: unknown) => {
    const isNamed = typeof target === "object" && target !== null && "name" in target;
    if (!isNamed || typeof target.name !== "string") return [];
    return [{ group: "", kind: "Service", name: target.name }];
  });
}

/** The claim that counts for a port: one that names it, before one for the whole Service. */
export function claimOf(claims: readonly PolicyClaim[], portName: string): PolicyClaim | undefined {
  const standing = claims.filter(({ loserTo }) => loserTo === undefined);
  return (
    standing.find(({ sectionName }) => sectionName !== undefined && sectionName === portName) ??
    standing.find(({ sectionName }) => sectionName === undefined)
  );
}
