/**
 * References from rules to Services, resolved (Gateway API `BackendObjectReference`, GEP-1911 for
 * protocols).
 */

import type { CodeName } from "../diagnostics.js";
import type { InvalidReference, ServiceProtocol } from "../document.js";
import type { BackendReference, ServicePort, ServiceSpec } from "../objects.js";
import type { RouteKind } from "./kinds.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { isPermitted } from "./grant.js";
import type { Referrer } from "./grant.js";
import type { Lookup } from "./lookup.js";
import { claimOf } from "./policy.js";
import type { BackendTls } from "./policy.js";
import type { Problem } from "./problem.js";

/** A reference followed. */
export interface ResolvedBackend {
  /** Key of the service, `namespace/name:port`; without port when none is given. */
  readonly service: string;
  readonly target?: BackendTarget;
  readonly problem?: Problem<InvalidReference>;
}

export interface BackendTarget {
  /** `namespace/name` of the Service. */
  readonly key: string;
  readonly port: ServicePort;
  readonly protocol: BackendProtocol;
  /** The name that stands for it in DNS, of a Service of type ExternalName. */
  readonly hostname?: string;
  /**
   * How TLS is spoken to it. `refused`: a policy asks for TLS and cannot be obeyed; requests are
   * answered 500 rather than sent in the clear.
   */
  readonly tls?: BackendTls | "refused";
}

/** What a port speaks; streams are bytes to Ghost, whatever flows in them. */
export type BackendProtocol = ServiceProtocol | "tcp" | "udp";

/** A route of this kind and namespace. */
export interface RouteReferrer extends Referrer {
  readonly kind: RouteKind;
}

/**
 * Follows a reference of a route. A reference that is not permitted does not tell whether its
 * target exists.
 */
export function resolveBackend(
  reference: BackendReference,
  referrer: RouteReferrer,
  path: Path,
  { store, grants, policies, followsExternalNames }: Lookup,
): ResolvedBackend {
  const { group, kind, name, port } = reference;
  const namespace = reference.namespace || referrer.namespace;
  const key = `${namespace}/${name}`;
  const service = serviceKey(key, port, referrer.kind);
  const fail = (reason: InvalidReference, message: string): ResolvedBackend => ({
    service,
    problem: { reason, code: codes[reason], path, message },
  });
  if (group !== "" || kind !== "Service")
    return fail(
      "InvalidKind",
      `${quote(kind)} of group ${quote(group)} is no kind of backend; a Service is.`,
    );
  if (!isPermitted(grants, referrer, { group, kind, namespace, name })) {
    return fail(
      "RefNotPermitted",
      `No ReferenceGrant lets ${referrer.kind}s of namespace ${referrer.namespace} use Service ${key}.`,
    );
  }
  const spec = store.Service.get(key)?.spec;
  if (spec === undefined) return fail("BackendNotFound", `Service ${key} does not exist.`);
  const isExternal = spec.type === "ExternalName";
  const hostname = isExternal && followsExternalNames ? externalName(spec) : undefined;
  if (isExternal && hostname === undefined)
    return fail(
      "InvalidKind",
      followsExternalNames
        ? `Service ${key} has the externalName ${quote(spec.externalName ?? "")}, which is no host name.`
        : `Service ${key} is of type ExternalName.`,
    );
  const transport = referrer.kind === "UDPRoute" ? "UDP" : "TCP";
  const found = isExternal ? externalPort(spec, port, transport) : findPort(spec, port, transport);
  if (typeof found === "string") return fail("BackendNotFound", `Service ${key} ${found}.`);
  const protocol = protocolOf(found, referrer.kind);
  if (protocol === undefined)
    return fail(
      "UnsupportedProtocol",
      `Port ${found.port} of Service ${key} speaks ${quote(found.appProtocol ?? found.protocol)}.`,
    );
  const claim = claimOf(policies.get(key) ?? [], found.name);
  const plain = { key, port: found, protocol, ...(hostname === undefined ? {} : { hostname }) };
  if (
    claim === undefined ||
    protocol === "udp" ||
    (protocol === "tcp" && referrer.kind === "TCPRoute")
  )
    return { service, target: plain };
  const { tls } = claim.policy;
  if (tls === undefined) return { service, target: { ...plain, tls: "refused" } };
  return { service, target: { ...plain, protocol: overTls(protocol), tls } };
}

/**
 * One port may be spoken to in several ways at once: as HTTP/1.1 by an HTTPRoute and as gRPC by a
 * GRPCRoute. Each way is a service of its own.
 */
function serviceKey(key: string, port: number | undefined, kind: RouteKind): string {
  const written = port === undefined ? key : `${key}:${port}`;
  const suffix = {
    HTTPRoute: "",
    GRPCRoute: "/grpc",
    TLSRoute: "/tls",
    TCPRoute: "/tcp",
    UDPRoute: "/udp",
  };
  return `${written}${suffix[kind]}`;
}

function overTls(protocol: BackendProtocol): BackendProtocol {
  if (protocol === "h2c" || protocol === "grpc") return "http2";
  return protocol === "tcp" ? "tcp" : "tls";
}

const codes: Readonly<Record<InvalidReference, CodeName>> = {
  BackendNotFound: "backendNotFound",
  InvalidKind: "invalidBackendKind",
  RefNotPermitted: "backendNotPermitted",
  UnsupportedProtocol: "unsupportedBackendProtocol",
};

/**
 * The Service's port, or what keeps it from being found. One number may stand for TCP and for UDP:
 * the route's kind tells which is meant.
 */
function findPort(
  { ports }: ServiceSpec,
  number: number | undefined,
  transport: "TCP" | "UDP",
): ServicePort | string {
  if (number === undefined) return "needs a port in the reference";
  const candidates = ports.filter(({ port }) => port === number);
  return (
    candidates.find(({ protocol }) => protocol === transport) ??
    candidates[0] ??
    `has no port ${number}`
  );
}

/** Lower case, without the root's dot (RFC 1123 section 2.1); an address is no name. */
function externalName({ externalName: written = "" }: ServiceSpec): string | undefined {
  const name = written.toLowerCase().replace(/\.$/, "");
  const isName =
    /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
  return isName.test(name) && !/(^|\.)\d+$/.test(name) ? name : undefined;
}

/** Such a Service need not list its ports: whatever the reference says is asked. */
function externalPort(
  spec: ServiceSpec,
  number: number | undefined,
  transport: "TCP" | "UDP",
): ServicePort | string {
  const found = findPort(spec, number, transport);
  return typeof found === "string" && number !== undefined
    ? { name: "", port: number, protocol: transport }
    : found;
}

const protocolsByName: ReadonlyMap<string, ServiceProtocol | undefined> = new Map([
  ["kubernetes.io/h2c", "h2c"],
  ["kubernetes.io/ws", "websocket"],
  // TLS to a backend needs to know whom to trust; a WebSocket over TLS cannot say so yet.
  ["kubernetes.io/wss", undefined],
  ["https", "tls"],
]);

/**
 * What the port speaks to a route of this kind; words that mean nothing here are HTTP/1.1, and a
 * GRPCRoute's backends speak HTTP/2 whatever they say. Undefined: something that cannot be spoken.
 */
function protocolOf(
  { protocol, appProtocol }: ServicePort,
  kind: RouteKind,
): BackendProtocol | undefined {
  if (kind === "UDPRoute") return protocol === "UDP" ? "udp" : undefined;
  if (protocol !== "TCP") return undefined;
  if (kind === "TCPRoute" || kind === "TLSRoute") return "tcp";
  const name = appProtocol ?? "";
  const named = protocolsByName.has(name) ? protocolsByName.get(name) : "http1";
  if (kind === "HTTPRoute") return named;
  return named === "http1" || named === "h2c" ? "grpc" : undefined;
}
