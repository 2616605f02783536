/**
 * Whether listeners can be told apart (Gateway API `GatewaySpec.listeners`, "Distinct Listeners";
 * `ListenerSetSpec.listeners` for the order among sets).
 *
 * HTTP, HTTPS and TLS are distinct by port and host; TCP and UDP by port. Listeners that end TLS and
 * those that pass it through may share a port: the name in the ClientHello tells them apart.
 */

import type { Listener } from "../objects.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { covers } from "./hostname.js";
import type { ListenerConflict, Problem } from "./problem.js";

/** A listener among those it may be in conflict with. */
export interface Contender {
  readonly listener: Listener;
  readonly path: Path;
  /** 0 for the Gateway's own, then ListenerSets by age. Of two ranks the lower one wins. */
  readonly rank: number;
}

type Family = "plain" | "tls" | "stream" | "datagram";

const families: ReadonlyMap<string, Family> = new Map([
  ["HTTP", "plain"],
  ["HTTPS", "tls"],
  ["TLS", "tls"],
  ["TCP", "stream"],
  ["UDP", "datagram"],
]);

/**
 * Who gives way on one port. Ranks are settled in order: what stands against a listener of a lower
 * rank that was kept loses; of those that remain, none wins against another of its own rank. A
 * listener that lost is in nobody's way. Protocols that are not supported take no part.
 */
export function settleConflicts(
  onPort: readonly Contender[],
): Map<Contender, Problem<ListenerConflict>> {
  const lost = new Map<Contender, Problem<ListenerConflict>>();
  const kept: Contender[] = [];
  const ranks = [...new Set(onPort.map(({ rank }) => rank))].toSorted(
    (left, right) => left - right,
  );
  for (const rank of ranks) {
    const own = onPort.filter((contender) => contender.rank === rank);
    const lose = (contender: Contender, rivals: readonly Contender[]): void => {
      const conflict = conflictWith(contender, rivals);
      if (conflict !== undefined) lost.set(contender, conflict);
    };
    for (const contender of own) lose(contender, kept);
    const remaining = own.filter((contender) => !lost.has(contender));
    for (const contender of remaining) lose(contender, remaining);
    kept.push(...remaining.filter((contender) => !lost.has(contender)));
  }
  return lost;
}

function conflictWith(
  contender: Contender,
  candidates: readonly Contender[],
): Problem<ListenerConflict> | undefined {
  const { listener, path } = contender;
  const family = families.get(listener.protocol);
  if (family === undefined) return undefined;
  const rivals = candidates.filter(
    (rival) =>
      rival !== contender && sharesTransport(family, families.get(rival.listener.protocol)),
  );
  const isByPort = family === "stream" || family === "datagram";
  const otherProtocol = rivals.find(
    (rival) => isByPort || families.get(rival.listener.protocol) !== family,
  );
  if (otherProtocol !== undefined) return protocolConflict(listener, otherProtocol.listener, path);
  const sameHostname = rivals.find(
    (rival) => (rival.listener.hostname ?? "") === (listener.hostname ?? ""),
  );
  return sameHostname && hostnameConflict(listener, sameHostname.listener, path);
}

function sharesTransport(left: Family, right: Family | undefined): boolean {
  return right !== undefined && (left === "datagram") === (right === "datagram");
}

/** Names of listeners on the port whose TLS hosts cover some of this listener's. */
export function overlapsOf(contender: Contender, onPort: readonly Contender[]): string[] {
  const { listener } = contender;
  if (families.get(listener.protocol) !== "tls") return [];
  return onPort.flatMap(({ listener: other }) =>
    other !== listener &&
    families.get(other.protocol) === "tls" &&
    overlap(listener.hostname ?? "", other.hostname ?? "")
      ? [other.name]
      : [],
  );
}

// Every listener overlaps one without a host; that is what such a listener is for, yet the API
// counts it (ListenerConditionOverlappingTLSConfig).
function overlap(left: string, right: string): boolean {
  return (
    left !== right && (left === "" || right === "" || covers(left, right) || covers(right, left))
  );
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
