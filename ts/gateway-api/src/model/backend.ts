/**
 * References from rules to Services, resolved (Gateway API `BackendObjectReference`, GEP-1911 for
 * protocols).
 */

import type { CodeName } from "../diagnostics.js";
import type { InvalidReference, ServiceProtocol } from "../document.js";
import type { BackendReference, ServicePort, ServiceSpec } from "../objects.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { isPermitted } from "./grant.js";
import type { Grants, Referrer } from "./grant.js";
import type { Problem } from "./problem.js";
import type { Store } from "./store.js";

/** A reference followed. */
export interface ResolvedBackend {
  /** Key of the service, `namespace/name:port`; without port when none is given. */
  readonly service: string;
  readonly target?: {
    readonly key: string;
    readonly port: ServicePort;
    readonly protocol: ServiceProtocol;
  };
  readonly problem?: Problem<InvalidReference>;
}

/** Where references may lead. */
export interface Backends {
  readonly store: Store;
  readonly grants: Grants;
}

/**
 * Follows a reference of a route. A reference that is not permitted does not tell whether its
 * target exists.
 */
export function resolveBackend(
  reference: BackendReference,
  referrer: Referrer,
  path: Path,
  { store, grants }: Backends,
): ResolvedBackend {
  const { group, kind, name, port } = reference;
  const namespace = reference.namespace || referrer.namespace;
  const key = `${namespace}/${name}`;
  const service = port === undefined ? key : `${key}:${port}`;
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
  if (spec.type === "ExternalName")
    return fail("InvalidKind", `Service ${key} is of type ExternalName.`);
  const found = findPort(spec, port);
  if (typeof found === "string") return fail("BackendNotFound", `Service ${key} ${found}.`);
  const protocol = protocolOf(found);
  if (protocol === undefined)
    return fail(
      "UnsupportedProtocol",
      `Port ${found.port} of Service ${key} speaks ${quote(found.appProtocol ?? found.protocol)}.`,
    );
  return { service, target: { key, port: found, protocol } };
}

const codes: Readonly<Record<InvalidReference, CodeName>> = {
  BackendNotFound: "backendNotFound",
  InvalidKind: "invalidBackendKind",
  RefNotPermitted: "backendNotPermitted",
  UnsupportedProtocol: "unsupportedBackendProtocol",
};

/**
 * The Service's port, or what keeps it from being found. One number may stand for TCP and for UDP:
 * TCP is meant.
 */
function findPort({ ports }: ServiceSpec, number: number | undefined): ServicePort | string {
  if (number === undefined) return "needs a port in the reference";
  const candidates = ports.filter(({ port }) => port === number);
  return (
    candidates.find(({ protocol }) => protocol === "TCP") ??
    candidates[0] ??
    `has no port ${number}`
  );
}

const protocolsByName: ReadonlyMap<string, ServiceProtocol | undefined> = new Map([
  ["kubernetes.io/h2c", "h2c"],
  ["kubernetes.io/ws", "websocket"],
  // TLS to a backend needs to know whom to trust; a WebSocket over TLS cannot say so yet.
  ["kubernetes.io/wss", undefined],
  ["https", "tls"],
]);

/**
 * What the port speaks; words that mean nothing here are HTTP/1.1. Undefined: something that cannot
 * be spoken.
 */
function protocolOf({ protocol, appProtocol }: ServicePort): ServiceProtocol | undefined {
  if (protocol !== "TCP") return undefined;
  const name = appProtocol ?? "";
  return protocolsByName.has(name) ? protocolsByName.get(name) : "http1";
}
