/** The Gateways that count, each with the ListenerSets that join it and all listeners judged. */

import { isIP } from "node:net";
import type { Finding } from "../diagnostics.js";
import type { GatewaySpec, ListenerSetSpec, ParametersReference } from "../objects.js";
import { quote } from "../source.js";
import type { CertificateModel } from "./certificate.js";
import { judgeListeners, serves } from "./listener.js";
import type { ListenerModel, ListenerOwner } from "./listener.js";
import type { Lookup } from "./lookup.js";
import { allowsNamespace } from "./namespace.js";
import type { GatewayRefusal, GatewayUnresolved, ListenerSetRefusal, Problem } from "./problem.js";
import { keyOf } from "./store.js";
import type { Entry } from "./store.js";
import { followSecret, referrerOf } from "./tls.js";

/** What routes attach to. */
export interface Parent {
  readonly kind: "Gateway" | "ListenerSet";
  readonly entry: Entry<unknown>;
  /** `namespace/name`. */
  readonly key: string;
  /** `namespace/name` of the Gateway that serves the listeners. */
  readonly gateway: string;
  readonly listeners: readonly ListenerModel[];
}

/** A Gateway of ours. */
export interface GatewayModel extends Parent {
  readonly kind: "Gateway";
  readonly entry: Entry<GatewaySpec>;
  /** Why the Gateway as a whole is not accepted, listeners aside. Its listeners then do not serve. */
  readonly refusals: readonly Problem<GatewayRefusal>[];
  readonly unresolved: readonly Problem<GatewayUnresolved>[];
  /** Shown to backends that ask for one. */
  readonly clientCertificate?: CertificateModel;
  /** Whether some port lets clients in without a valid certificate although it asks for one. */
  readonly isFallbackAllowed: boolean;
  /** ListenerSets that name the Gateway, in order of precedence. */
  readonly sets: readonly ListenerSetModel[];
}

export interface ListenerSetModel extends Parent {
  readonly kind: "ListenerSet";
  readonly entry: Entry<ListenerSetSpec>;
  readonly refusal?: Problem<ListenerSetRefusal>;
}

/** Judges a Gateway. */
export function judgeGateway(entry: Entry<GatewaySpec>, lookup: Lookup): GatewayModel {
  const { metadata, spec } = entry;
  const key = keyOf(entry);
  const refusals = gatewayRefusals(entry);
  const client = judgeClientCertificate(entry, lookup);
  const sets = lookup.listenerSets.get(key) ?? [];
  const joining = sets.filter(
    (set) => refusals.length === 0 && set.spec !== undefined && isAllowed(set, entry, lookup),
  );
  const [own = [], ...others] = judgeListeners(
    [
      { owner: ownerOf("Gateway", entry), listeners: spec?.listeners ?? readableListeners(entry) },
      ...joining.map((set) => ({
        owner: ownerOf("ListenerSet", set),
        listeners: set.spec?.listeners ?? [],
      })),
    ],
    spec?.tls?.frontend,
    lookup,
  );
  const joined = new Map(joining.map((set, index) => [set, others[index] ?? []]));
  const isAccepted = refusals.length === 0;
  const validations = [
    spec?.tls?.frontend?.default,
    ...(spec?.tls?.frontend?.perPort ?? []).map(({ tls }) => tls),
  ];
  return {
    kind: "Gateway",
    entry,
    key,
    gateway: `${metadata.namespace}/${metadata.name}`,
    listeners: own,
    refusals,
    unresolved: client.problems,
    ...(client.certificate === undefined ? {} : { clientCertificate: client.certificate }),
    isFallbackAllowed: validations.some((tls) => tls?.validation?.mode === "AllowInsecureFallback"),
    sets: sets.map((set) => judgeSet(set, key, joined.get(set), isAccepted)),
  };
}

function ownerOf(
  kind: ListenerOwner["kind"],
  { identity, metadata }: Entry<unknown>,
): ListenerOwner {
  return { kind, namespace: metadata.namespace, identity };
}

// Every listener of the spec has a status, also in a Gateway that is refused.
function readableListeners({ source }: Entry<GatewaySpec>): readonly unknown[] {
  const spec = source.object["spec"];
  if (typeof spec !== "object" || spec === null || !("listeners" in spec)) return [];
  return Array.isArray(spec.listeners) ? spec.listeners : [];
}

function gatewayRefusals({ spec, findings }: Entry<GatewaySpec>): Problem<GatewayRefusal>[] {
  if (spec === undefined) return findings.map((finding) => ({ ...finding, reason: "Invalid" }));
  return [...parameterRefusals(spec.infrastructure?.parametersRef), ...addressRefusals(spec)];
}

// Parameters belong to the GatewayClass; a Gateway has no kind of its own for them.
function parameterRefusals(reference: ParametersReference | undefined): Problem<GatewayRefusal>[] {
  if (reference === undefined) return [];
  const path = ["spec", "infrastructure", "parametersRef"];
  const message = `${quote(reference.kind)} of group ${quote(reference.group)} is no kind of parameters for a Gateway.`;
  return [{ reason: "InvalidParameters", code: "invalidParameters", path, message }];
}

function addressRefusals({ addresses }: GatewaySpec): Problem<GatewayRefusal>[] {
  return addresses.flatMap(({ type, value }, index): Problem<GatewayRefusal>[] => {
    const path = ["spec", "addresses", index];
    const refuse = (message: string): Problem<GatewayRefusal>[] => [
      { reason: "UnsupportedAddress", code: "unsupportedAddress", path, message },
    ];
    if (type !== "IPAddress")
      return refuse(`Addresses of type ${quote(type)} are not supported; IPAddress is.`);
    return !value || isIP(value) !== 0 ? [] : refuse(`${quote(value)} is no IP address.`);
  });
}

function judgeClientCertificate(
  { spec, metadata }: Entry<GatewaySpec>,
  lookup: Lookup,
): {
  readonly certificate?: CertificateModel;
  readonly problems: readonly Problem<GatewayUnresolved>[];
} {
  const reference = spec?.tls?.backend?.clientCertificateRef;
  if (reference === undefined) return { problems: [] };
  const found = followSecret(reference, referrerOf("Gateway", metadata.namespace), lookup);
  if (typeof found !== "string" && "secret" in found) return { certificate: found, problems: [] };
  const path = ["spec", "tls", "backend", "clientCertificateRef"];
  return {
    problems: [
      typeof found === "string"
        ? {
            reason: "InvalidClientCertificateRef",
            code: "invalidCertificate",
            path,
            message: found,
          }
        : {
            reason: "RefNotPermitted",
            code: "certificateNotPermitted",
            path,
            message: found.notPermitted,
          },
    ],
  };
}

function isAllowed(
  set: Entry<ListenerSetSpec>,
  { spec, metadata }: Entry<GatewaySpec>,
  { store }: Lookup,
): boolean {
  const rule = spec?.allowedListeners.namespaces ?? { from: "None" };
  return allowsNamespace(rule, metadata.namespace, set.metadata.namespace, store.Namespace);
}

function judgeSet(
  entry: Entry<ListenerSetSpec>,
  gateway: string,
  listeners: readonly ListenerModel[] | undefined,
  isParentAccepted: boolean,
): ListenerSetModel {
  const refusal = setRefusal(entry, gateway, listeners, isParentAccepted);
  return {
    kind: "ListenerSet",
    entry,
    key: keyOf(entry),
    gateway,
    listeners: listeners ?? [],
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function setRefusal(
  { spec, findings }: Entry<ListenerSetSpec>,
  gateway: string,
  listeners: readonly ListenerModel[] | undefined,
  isParentAccepted: boolean,
): Problem<ListenerSetRefusal> | undefined {
  const [finding] = findings;
  if (spec === undefined && finding !== undefined) return { ...finding, reason: "Invalid" };
  const path = ["spec", "parentRef"];
  if (!isParentAccepted) {
    const message = `Gateway ${gateway} is not accepted.`;
    return { reason: "ParentNotAccepted", code: "listenersNotAllowed", path, message };
  }
  if (listeners === undefined) {
    const message = `allowedListeners of Gateway ${gateway} does not admit the ListenerSet's namespace.`;
    return { reason: "NotAllowed", code: "listenersNotAllowed", path, message };
  }
  if (listeners.some(serves)) return undefined;
  const message = "None of its listeners can serve.";
  return { reason: "ListenersNotValid", code: "noValidListener", path: ["spec"], message };
}

/**
 * Why a Gateway is not ours: its class is another controller's, or not known. Without a controller
 * name every Gateway counts.
 */
export function foreignness(
  entry: Entry<GatewaySpec>,
  { store, controllerName }: Lookup,
): Finding | undefined {
  if (controllerName === undefined) return undefined;
  const className = entry.spec?.gatewayClassName ?? "";
  const owner = store.GatewayClass.get(className)?.spec?.controllerName;
  if (owner === controllerName) return undefined;
  const message =
    owner === undefined
      ? `GatewayClass ${className} is not among the objects.`
      : `GatewayClass ${className} belongs to another controller.`;
  return { code: "foreignGateway", path: ["spec", "gatewayClassName"], message };
}
