/**
 * A Gateway's listeners: which of them are accepted, which kinds of route they take, and why not
 * (Gateway API `GatewaySpec.listeners`, ListenerStatus).
 *
 * ListenerSets will bring further listeners to the same judgement, after the Gateway's own.
 */

import { gatewayGroup } from "../objects.js";
import type { Listener, RouteGroupKind, SecretReference } from "../objects.js";
import { decode } from "../shape/decode.js";
import { listener as listenerShape } from "../shape/gateway.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { isPermitted } from "./grant.js";
import type { Grants } from "./grant.js";
import type { ListenerConflict, ListenerRefusal, ListenerUnresolved, Problem } from "./problem.js";

/** A listener with its verdicts. */
export interface ListenerModel {
  /**
   * The written name, even of a malformed listener: its status is found by it. Undefined: none that
   * could be.
   */
  readonly name: string | undefined;
  /** Undefined: malformed. */
  readonly listener: Listener | undefined;
  readonly path: Path;
  readonly supportedKinds: readonly RouteGroupKind[];
  /** Why it is not accepted; empty: it is. */
  readonly refusals: readonly Problem<ListenerRefusal>[];
  /** References and kinds that do not hold. */
  readonly unresolved: readonly Problem<ListenerUnresolved>[];
  /** It names certificates; whether they are there and good is not known before Secrets are read. */
  readonly hasCertificates: boolean;
}

/**
 * Route kinds by protocol, for the protocols that are served. GRPCRoute, TLS, TCP and UDP take
 * their place here.
 */
const kindsByProtocol: ReadonlyMap<string, readonly RouteGroupKind[]> = new Map([
  ["HTTP", [{ group: gatewayGroup, kind: "HTTPRoute" }]],
  ["HTTPS", [{ group: gatewayGroup, kind: "HTTPRoute" }]],
]);

/** Whether requests may come in by it: accepted, and nothing keeps it from being programmed. */
export function serves(
  model: ListenerModel,
): model is ListenerModel & { readonly listener: Listener } {
  const isBroken =
    model.unresolved.some(({ reason }) => reason !== "InvalidRouteKinds") ||
    model.supportedKinds.length === 0;
  return model.listener !== undefined && model.refusals.length === 0 && !isBroken;
}

/** Judges the listeners of a Gateway together: some verdicts are about pairs. */
export function judgeListeners(
  written: readonly unknown[],
  namespace: string,
  grants: Grants,
): ListenerModel[] {
  const decoded = written.map((value, index) => readListener(value, ["spec", "listeners", index]));
  const names = Map.groupBy(decoded, ({ name }) => name);
  return decoded.map((model) => {
    if (model.listener === undefined) return model;
    const { listener, path } = model;
    return {
      ...model,
      supportedKinds: supportedKinds(listener),
      refusals: [
        ...protocolRefusals(listener, path),
        ...(names.get(listener.name)?.length === 1 ? [] : [duplicateName(listener, path)]),
        ...conflicts(listener, decoded, path),
        ...tlsModeRefusals(listener, path),
      ],
      unresolved: [
        ...kindProblems(listener, path),
        ...certificateProblems(listener, path, namespace, grants),
      ],
      hasCertificates: (listener.tls?.certificateRefs.length ?? 0) > 0,
    };
  });
}

function readListener(value: unknown, path: Path): ListenerModel {
  const { value: listener, findings } = decode(listenerShape, value, path);
  const refusals = findings.map((finding): Problem<ListenerRefusal> => ({
    ...finding,
    reason: "UnsupportedValue",
  }));
  const rest = { path, supportedKinds: [], unresolved: [], hasCertificates: false };
  return { name: listener?.name ?? writtenName(value), listener, refusals, ...rest };
}

function writtenName(value: unknown): string | undefined {
  const name: unknown =
    typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  return typeof name === "string" && /^[-a-z0-9.]{1,253}$/.test(name) ? name : undefined;
}

function supportedKinds({ protocol, allowedRoutes }: Listener): readonly RouteGroupKind[] {
  const possible = kindsByProtocol.get(protocol) ?? [];
  const { kinds } = allowedRoutes;
  return kinds === undefined || kinds.length === 0
    ? possible
    : possible.filter((kind) => kinds.some((allowed) => isSameKind(kind, allowed)));
}

/** Whether two kinds are the same. */
export function isSameKind(left: RouteGroupKind, right: RouteGroupKind): boolean {
  return left.group === right.group && left.kind === right.kind;
}

function protocolRefusals({ protocol }: Listener, path: Path): Problem<ListenerRefusal>[] {
  if (kindsByProtocol.has(protocol)) return [];
  const message = `The protocol ${quote(protocol)} is not supported; ${[...kindsByProtocol.keys()].join(" and ")} are.`;
  return [
    {
      reason: "UnsupportedProtocol",
      code: "unsupportedProtocol",
      path: [...path, "protocol"],
      message,
    },
  ];
}

function duplicateName({ name }: Listener, path: Path): Problem<ListenerRefusal> {
  const message = `Several listeners of the Gateway are named ${name}.`;
  return {
    reason: "UnsupportedValue",
    code: "duplicateListener",
    path: [...path, "name"],
    message,
  };
}

/**
 * Listeners on one port must differ in hostname and speak one protocol. None of those in conflict
 * wins. Protocols that are not supported take no part: their listeners are not there.
 */
function conflicts(
  listener: Listener,
  all: readonly ListenerModel[],
  path: Path,
): Problem<ListenerRefusal>[] {
  if (!kindsByProtocol.has(listener.protocol)) return [];
  const others = all.flatMap((model) =>
    model.listener === undefined || model.path === path ? [] : [model.listener],
  );
  const rivals = others.filter(
    ({ port, protocol }) => port === listener.port && kindsByProtocol.has(protocol),
  );
  const otherProtocol = rivals.find(({ protocol }) => protocol !== listener.protocol);
  if (otherProtocol !== undefined) return [protocolConflict(listener, otherProtocol, path)];
  const sameHostname = rivals.find(
    ({ hostname }) => (hostname ?? "") === (listener.hostname ?? ""),
  );
  return sameHostname === undefined ? [] : [hostnameConflict(listener, sameHostname, path)];
}

function protocolConflict(
  { port }: Listener,
  rival: Listener,
  path: Path,
): Problem<ListenerConflict> {
  const message = `Listener ${rival.name} speaks ${rival.protocol} on port ${port} as well.`;
  return {
    reason: "ProtocolConflict",
    code: "protocolConflict",
    path: [...path, "protocol"],
    message,
  };
}

function hostnameConflict(
  { hostname, port }: Listener,
  rival: Listener,
  path: Path,
): Problem<ListenerConflict> {
  const message = `Listener ${rival.name} takes ${hostname ? quote(hostname) : "all hosts"} on port ${port} as well.`;
  return {
    reason: "HostnameConflict",
    code: "hostnameConflict",
    path: [...path, "hostname"],
    message,
  };
}

function tlsModeRefusals({ protocol, tls }: Listener, path: Path): Problem<ListenerRefusal>[] {
  if (protocol === "HTTP" && tls !== undefined)
    return [tlsRefusal([...path, "tls"], "A listener of protocol HTTP has no TLS.")];
  if (protocol === "HTTPS" && tls?.mode === "Passthrough") {
    return [
      tlsRefusal(
        [...path, "tls", "mode"],
        "A listener of protocol HTTPS terminates TLS; it cannot pass it through.",
      ),
    ];
  }
  return [];
}

function tlsRefusal(path: Path, message: string): Problem<ListenerRefusal> {
  return { reason: "UnsupportedValue", code: "invalidCertificate", path, message };
}

function kindProblems(
  { protocol, allowedRoutes }: Listener,
  path: Path,
): Problem<ListenerUnresolved>[] {
  const possible = kindsByProtocol.get(protocol);
  if (possible === undefined) return [];
  return (allowedRoutes.kinds ?? []).flatMap((kind, index) => {
    if (possible.some((candidate) => isSameKind(candidate, kind))) return [];
    const message = `A listener of protocol ${protocol} takes no ${quote(kind.kind)} of group ${quote(kind.group)}.`;
    return [
      {
        reason: "InvalidRouteKinds",
        code: "invalidRouteKinds",
        path: [...path, "allowedRoutes", "kinds", index],
        message,
      },
    ];
  });
}

function certificateProblems(
  { protocol, tls }: Listener,
  path: Path,
  namespace: string,
  grants: Grants,
): Problem<ListenerUnresolved>[] {
  if (protocol !== "HTTPS") return [];
  const references = tls?.certificateRefs ?? [];
  if (references.length === 0) {
    const message = "A listener of protocol HTTPS needs tls.certificateRefs.";
    return [{ reason: "InvalidCertificateRef", code: "invalidCertificate", path, message }];
  }
  return references.flatMap((reference, index) => {
    const at = [...path, "tls", "certificateRefs", index];
    return certificateProblem(reference, at, namespace, grants);
  });
}

function certificateProblem(
  reference: SecretReference,
  path: Path,
  namespace: string,
  grants: Grants,
): Problem<ListenerUnresolved>[] {
  const { group, kind, name } = reference;
  if (group !== "" || kind !== "Secret") {
    const message = `${quote(kind)} of group ${quote(group)} is no kind of certificate; a Secret is.`;
    return [{ reason: "InvalidCertificateRef", code: "invalidCertificate", path, message }];
  }
  const target = { group, kind, name, namespace: reference.namespace || namespace };
  if (isPermitted(grants, { group: gatewayGroup, kind: "Gateway", namespace }, target)) return [];
  const message = `No ReferenceGrant lets Gateways of namespace ${namespace} use Secret ${target.namespace}/${name}.`;
  return [{ reason: "RefNotPermitted", code: "certificateNotPermitted", path, message }];
}
