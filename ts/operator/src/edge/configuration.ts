/** The configuration of the ghost-edge in a Gateway's Pods, from the Gateway's IR. Pure; keys are those of docs/edge.md. */

import type { BackendTls, Ir, ListenerIr } from "@ghost-gateway/gateway-api";
import type { CertificateFiles, EdgeFiles } from "./files.js";
import { passthroughOf, streamUpstreams } from "./passthrough.js";
import type { Passthrough } from "./passthrough.js";

/** A listener of the edge: one socket, for all listeners of the Gateway on its port. */
interface EdgeListener {
  readonly name: string;
  readonly port?: number;
  readonly address?: string;
  readonly protocol: "http" | "https" | "tls";
  readonly tls?: object;
  readonly passthrough?: readonly Passthrough[];
}

/** Paths in it are relative to the folder that the Pod puts a generation into. */
export interface EdgeConfiguration {
  readonly version: 1;
  readonly listeners: readonly EdgeListener[];
  /** By service: those that are spoken to over TLS. */
  readonly policies?: Readonly<Record<string, object>>;
  /** By route: where connections go that are passed on. */
  readonly upstream?: Readonly<Record<string, object>>;
  readonly routes_file: string;
  readonly retry_budget: object;
  readonly limits: object;
  readonly drain_timeout: string;
  readonly admin: object;
}

export interface EdgeOptions {
  readonly files: EdgeFiles;
  /** Seconds that requests in flight may take when a Pod ends. */
  readonly drainSeconds: number;
}

/** A listener without clients: a Gateway may lose all that it had, and the edge has to have one. */
const idle: EdgeListener = { name: "idle", address: "unix:/tmp/idle.sock", protocol: "http" };
/** A rule's `retry` is its owner's word: the budget is there for storms alone. Repeats per hundred requests, and per second. */
const retryBudget = { percent: 100, minimum_per_second: 100 };
/** Behind a load balancer that hides clients, all of them have one address. */
const connectionsPerAddress = 65_536;

export function edgeConfiguration(ir: Ir, options: EdgeOptions): EdgeConfiguration {
  const byPort = new Map<number, ListenerIr[]>();
  for (const listener of ir.listeners) {
    if (refusalOf(listener.protocol, listener.tls?.mode) !== undefined) continue;
    byPort.set(listener.port, [...(byPort.get(listener.port) ?? []), listener]);
  }
  const upstream = streamUpstreams(ir);
  const listeners = [...byPort.values()].flatMap((all): readonly EdgeListener[] => {
    const [first] = all;
    if (first?.protocol !== "TLS") return edgeListener(all, options.files);
    const passthrough = passthroughOf(all, ir);
    return [{ name: first.name, port: first.port, protocol: "tls", passthrough }];
  });
  const own = policies(ir, options.files);
  return {
    version: 1,
    listeners: listeners.length === 0 ? [idle] : listeners,
    ...(Object.keys(own).length === 0 ? {} : { policies: own }),
    ...(Object.keys(upstream).length === 0 ? {} : { upstream }),
    routes_file: "routes.json",
    retry_budget: retryBudget,
    limits: { connections_per_address: connectionsPerAddress },
    drain_timeout: `${options.drainSeconds}s`,
    admin: { enabled: false },
  };
}

/** Why the edge does not serve a listener, as a reason of its condition Accepted; undefined for one that it serves. */
export function refusalOf(
  protocol: string,
  mode: string | undefined,
): "UnsupportedProtocol" | "UnsupportedValue" | undefined {
  if (protocol === "HTTP" || protocol === "HTTPS") return undefined;
  if (protocol !== "TLS") return "UnsupportedProtocol";
  return mode === "Passthrough" ? undefined : "UnsupportedValue";
}

function edgeListener(all: readonly ListenerIr[], files: EdgeFiles): EdgeListener[] {
  const [first] = all;
  if (first === undefined) return [];
  const { name, port } = first;
  if (first.protocol === "HTTP") return [{ name, port, protocol: "http" }];
  const tls = listenerTls(
    all.filter(({ protocol }) => protocol === "HTTPS"),
    files,
  );
  return tls === undefined ? [] : [{ name, port, protocol: "https", tls }];
}

function listenerTls(all: readonly ListenerIr[], files: EdgeFiles): object | undefined {
  // The first certificate for a name is shown: names of listeners go before those that certificates have of themselves.
  const named = all.toSorted((left, right) => Number(isForAll(left)) - Number(isForAll(right)));
  const certificates = named.flatMap((listener, place) => shownBy(listener, place, files));
  if (certificates.length === 0) return undefined;
  const hasDefault = certificates.some((certificate) => certificate.default === true);
  const clientAuth = clientAuthOf(all, files);
  return {
    certificates,
    // Where every listener has a hostname, no other name is served (Gateway API, Listener.hostname).
    unknown_names: hasDefault ? "default" : "refuse",
    ...(clientAuth === undefined ? {} : { client_auth: clientAuth }),
  };
}

function isForAll({ hostname }: ListenerIr): boolean {
  return hostname === undefined;
}

interface ShownCertificate extends CertificateFiles {
  readonly server_name?: string;
  readonly default?: true;
}

/** The certificates of one listener; the first of a listener for every name is shown where no other fits. */
function shownBy(
  { port, hostname, tls }: ListenerIr,
  place: number,
  files: EdgeFiles,
): readonly ShownCertificate[] {
  const certificates = tls?.certificates ?? [];
  return certificates.flatMap((model, index): readonly ShownCertificate[] => {
    const paths = files.certificate(model, `tls/${port}-${place}`);
    if (paths === undefined) return [];
    if (hostname === undefined) return [{ ...paths, ...(index === 0 ? { default: true } : {}) }];
    // A certificate that is the only one of its listener is shown for the listener's name, whatever names it has.
    return [{ ...paths, ...(certificates.length === 1 ? { server_name: hostname } : {}) }];
  });
}

/** Validation of clients is a port's (Gateway API, FrontendTLSConfig): that of one of its listeners is that of all. */
function clientAuthOf(all: readonly ListenerIr[], files: EdgeFiles): object | undefined {
  const validation = all.find(({ tls }) => tls?.clientValidation !== undefined)?.tls
    ?.clientValidation;
  if (validation === undefined) return undefined;
  const authorities = validation.authorities.flatMap((model) => files.authority(model) ?? []);
  return {
    ca_files: authorities,
    require_client_cert: validation.mode === "AllowValidOnly",
  };
}

function policies(ir: Ir, files: EdgeFiles): Readonly<Record<string, object>> {
  const [clientCertificate] = Object.values(ir.clientCertificates);
  const shown = clientCertificate === undefined ? undefined : files.certificate(clientCertificate);
  return Object.fromEntries(
    Object.entries(ir.services).flatMap(([key, { tls }]) =>
      tls === undefined ? [] : [[key, { tls: { ...backendTls(tls, files), ...shown } }]],
    ),
  );
}

function backendTls({ hostname, subjectAltNames, trust }: BackendTls, files: EdgeFiles): object {
  // The edge verifies DNS names. Where a policy has only others, none of its backends is believed but by `hostname`.
  const names = subjectAltNames.flatMap((name) =>
    name.type === "Hostname" ? [name.hostname] : [],
  );
  return {
    server_name: hostname,
    ...(names.length === 0 ? {} : { subject_alt_names: names }),
    ...(trust === "system"
      ? {}
      : { ca_files: trust.flatMap((model) => files.authority(model) ?? []) }),
  };
}
