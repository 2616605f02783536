/**
 * Listeners of a Gateway and of the ListenerSets that join it: which of them are accepted, which
 * kinds of route they take, and why not (Gateway API `GatewaySpec.listeners`, ListenerStatus).
 */

import { gatewayGroup } from "../objects.js";
import type { FrontendTls, Listener, RouteGroupKind } from "../objects.js";
import { decode } from "../shape/decode.js";
import { listener as listenerShape } from "../shape/gateway.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { overlapsOf, settleConflicts } from "./conflict.js";
import type { Contender } from "./conflict.js";
import type { Lookup } from "./lookup.js";
import type { ListenerRefusal, ListenerUnresolved, Problem } from "./problem.js";
import { judgeTls, referrerOf } from "./tls.js";
import type { TlsModel } from "./tls.js";

/** Who wrote a listener. */
export interface ListenerOwner {
  readonly kind: "Gateway" | "ListenerSet";
  readonly namespace: string;
  /** `Kind/namespace/name`. */
  readonly identity: string;
}

/** A listener with its verdicts. */
export interface ListenerModel {
  readonly owner: ListenerOwner;
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
  /** With protocol HTTPS and TLS. */
  readonly tls?: TlsModel;
  /** Names of listeners on the same port whose TLS hosts overlap. */
  readonly overlaps: readonly string[];
}

function routeKind(kind: string): RouteGroupKind {
  return { group: gatewayGroup, kind };
}

const requestKinds = [routeKind("HTTPRoute"), routeKind("GRPCRoute")];

/** Route kinds by protocol, for the protocols that are served. */
const kindsByProtocol: ReadonlyMap<string, readonly RouteGroupKind[]> = new Map([
  ["HTTP", requestKinds],
  ["HTTPS", requestKinds],
  ["TLS", [routeKind("TLSRoute")]],
  ["TCP", [routeKind("TCPRoute")]],
  ["UDP", [routeKind("UDPRoute")]],
]);

/** Whether requests may come in by it: accepted, and nothing keeps it from being programmed. */
export function serves(
  model: ListenerModel,
): model is ListenerModel & { readonly listener: Listener } {
  const lacksCertificate = model.tls?.mode === "Terminate" && model.tls.certificates.length === 0;
  return (
    model.listener !== undefined &&
    model.refusals.length === 0 &&
    model.supportedKinds.length > 0 &&
    !lacksCertificate
  );
}

/** Listeners as one owner wrote them, in order of precedence among owners. */
export interface WrittenListeners {
  readonly owner: ListenerOwner;
  readonly listeners: readonly unknown[];
}

/** Judges the listeners of a Gateway and its sets together: some verdicts are about pairs. */
export function judgeListeners(
  written: readonly WrittenListeners[],
  frontend: FrontendTls | undefined,
  lookup: Lookup,
): ListenerModel[][] {
  const read = written.map(({ owner, listeners }, rank) =>
    listeners.map((value, index) => readListener(value, owner, rank, ["spec", "listeners", index])),
  );
  const contenders = read.flat().flatMap(({ contender }) => contender ?? []);
  const byPort = Map.groupBy(contenders, ({ listener }) => listener.port);
  const conflicts = new Map([...byPort.values()].flatMap((onPort) => [...settleConflicts(onPort)]));
  const gateway = referrerOf("Gateway", written[0]?.owner.namespace ?? "");
  return read.map((group) => {
    const names = Map.groupBy(group, ({ model }) => model.name);
    return group.map(({ model, contender }) => {
      if (contender === undefined) return model;
      const { listener, path } = contender;
      const onPort = byPort.get(listener.port) ?? [];
      const conflict = conflicts.get(contender);
      const { owner } = model;
      const context = { owner: referrerOf(owner.kind, owner.namespace), gateway, frontend };
      const tls = judgeTls(listener, path, context, lookup);
      return {
        ...model,
        supportedKinds: supportedKinds(listener),
        refusals: [
          ...protocolRefusals(listener, path),
          ...(names.get(listener.name)?.length === 1 ? [] : [duplicateName(listener, owner, path)]),
          ...hostnameRefusals(listener, path),
          ...(conflict === undefined ? [] : [conflict]),
          ...tls.refusals,
        ],
        unresolved: [...kindProblems(listener, path), ...tls.unresolved],
        ...(tls.tls === undefined ? {} : { tls: tls.tls }),
        overlaps: overlapsOf(contender, onPort),
      };
    });
  });
}

function readListener(
  value: unknown,
  owner: ListenerOwner,
  rank: number,
  path: Path,
): { readonly model: ListenerModel; readonly contender?: Contender } {
  const { value: listener, findings } = decode(listenerShape, value, path);
  const refusals = findings.map((finding): Problem<ListenerRefusal> => ({
    ...finding,
    reason: "UnsupportedValue",
  }));
  const name = listener?.name ?? writtenName(value);
  const rest = { path, supportedKinds: [], unresolved: [], overlaps: [] };
  const model: ListenerModel = { owner, name, listener, refusals, ...rest };
  return listener === undefined ? { model } : { model, contender: { listener, path, rank } };
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
  const known = [...kindsByProtocol.keys()];
  const message = `The protocol ${quote(protocol)} is not supported; ${known.slice(0, -1).join(", ")} and ${known.at(-1)} are.`;
  return [
    {
      reason: "UnsupportedProtocol",
      code: "unsupportedProtocol",
      path: [...path, "protocol"],
      message,
    },
  ];
}

function duplicateName(
  { name }: Listener,
  owner: ListenerOwner,
  path: Path,
): Problem<ListenerRefusal> {
  const message = `Several listeners of the ${owner.kind} are named ${name}.`;
  return {
    reason: "UnsupportedValue",
    code: "duplicateListener",
    path: [...path, "name"],
    message,
  };
}

function hostnameRefusals(
  { protocol, hostname }: Listener,
  path: Path,
): Problem<ListenerRefusal>[] {
  if (!hostname || (protocol !== "TCP" && protocol !== "UDP")) return [];
  const message = `A listener of protocol ${protocol} sees no host name.`;
  return [
    {
      reason: "UnsupportedValue",
      code: "unsupportedValue",
      path: [...path, "hostname"],
      message,
    },
  ];
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
