/** TLS connections that are passed on unopened, by the name in their ClientHello (Gateway API, TLSRoute). Pure. */

import type { Ir, ListenerIr, StreamRouteIr } from "@ghost-gateway/gateway-api";

/** Where connections go: endpoints of all backends of a rule, each with its part of the backend's share. */
interface Upstream {
  readonly backends: readonly { readonly address: string; readonly weight: number }[];
}

export interface Passthrough {
  /** Absent: every name. */
  readonly server_name?: string;
  readonly upstream: string;
}

/** Nobody listens there: connections that go there are closed. */
const nowhere = { name: "nowhere", backends: [{ address: "unix:/tmp/nowhere.sock", weight: 1 }] };
/** RFC 2606: a name that nobody has. The edge listens for connections only where it has somewhere to pass them. */
const nobody = "nobody.invalid";
/** The most that a weight may be. */
const mostWeight = 1_000_000;

/** By the name that `passthroughOf` gives them; connections of a rule without an endpoint go nowhere. */
export function streamUpstreams({
  listeners,
  streams,
  services,
}: Ir): Readonly<Record<string, Upstream>> {
  if (listeners.every(({ protocol }) => protocol !== "TLS")) return {};
  const upstreams = streams.map((stream): [string, Upstream] => {
    const backends = backendsOf(stream, services);
    return [nameOf(stream), { backends: backends.length === 0 ? nowhere.backends : backends }];
  });
  return Object.fromEntries([...upstreams, [nowhere.name, { backends: nowhere.backends }]]);
}

/** Which names a port's listeners pass on; of routes that want the same name the first counts. */
export function passthroughOf(listeners: readonly ListenerIr[], ir: Ir): readonly Passthrough[] {
  const byName = new Map<string | undefined, Passthrough>();
  for (const stream of ir.streams) {
    if (stream.kind !== "TLSRoute") continue;
    for (const listener of listeners) {
      if (!stream.listeners.includes(listener.name)) continue;
      for (const name of namesOf(stream, listener)) {
        const named = name === undefined ? {} : { server_name: name };
        byName.set(name, byName.get(name) ?? { ...named, upstream: nameOf(stream) });
      }
    }
  }
  if (byName.size === 0) return [{ server_name: nobody, upstream: nowhere.name }];
  return [...byName.values()];
}

/** Of a route's names and the listener's the narrower ones (Gateway API, TLSRoute.hostnames). */
function namesOf(
  { hostnames }: StreamRouteIr,
  { hostname }: ListenerIr,
): readonly (string | undefined)[] {
  if (hostname === undefined || hostnames.length === 0)
    return hostnames.length === 0 ? [hostname] : hostnames;
  return hostnames.flatMap((name) => {
    if (covers(name, hostname)) return [hostname];
    return covers(hostname, name) ? [name] : [];
  });
}

function covers(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith("*.") && name.endsWith(pattern.slice(1)));
}

function nameOf({ kind, name }: StreamRouteIr): string {
  return `${kind}/${name}`;
}

/** A TLSRoute has one rule that counts: nothing in a ClientHello but the name tells rules apart. */
function backendsOf(
  { rules: [rule] }: StreamRouteIr,
  services: Ir["services"],
): Upstream["backends"] {
  const shares = (rule?.backends ?? []).flatMap(({ service, weight, invalid }) => {
    const endpoints = (services[service]?.endpoints ?? []).filter(({ state }) => state !== "down");
    const isReached = invalid === undefined && weight > 0 && endpoints.length > 0;
    return isReached ? [{ weight: weight / endpoints.length, endpoints }] : [];
  });
  const largest = Math.max(...shares.map(({ weight }) => weight));
  return shares.flatMap(({ weight, endpoints }) =>
    endpoints.map(({ address, port }) => ({
      address: address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
      weight: Math.max(1, Math.round((weight / largest) * mostWeight)),
    })),
  );
}
