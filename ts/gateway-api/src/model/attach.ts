/**
 * Attachment of routes to listeners, computed once: acceptance, attachedRoutes and routing all come
 * from its result (Gateway API `CommonRouteSpec.parentRefs`, `Listener.allowedRoutes`).
 *
 * Knows no kind of route: whoever has parentRefs, a kind, a namespace and hosts can be attached.
 */

import type { ParentReference, RouteGroupKind } from "../objects.js";
import { gatewayGroup } from "../objects.js";
import type { Finding } from "../diagnostics.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import type { GatewayModel } from "./gateway.js";
import { hostnamesIntersect } from "./hostname.js";
import { isSameKind } from "./listener.js";
import type { ListenerModel } from "./listener.js";
import { allowsNamespace } from "./namespace.js";
import type { AttachmentRefusal, Problem } from "./problem.js";
import type { Store } from "./store.js";

/** What attachment needs to know of a route. */
export interface Attachable {
  readonly kind: RouteGroupKind;
  readonly namespace: string;
  /** Empty: any. */
  readonly hostnames: readonly string[];
}

/** A parentRef that leads to a Gateway of ours, and what became of it. */
export interface Attachment {
  readonly reference: ParentReference;
  readonly path: Path;
  readonly gateway: GatewayModel;
  /** Listeners that take the route, whether they serve or not; empty with a refusal. */
  readonly listeners: readonly ListenerModel[];
  readonly refusal?: Problem<AttachmentRefusal>;
  /** What else should be said about it. */
  readonly notes: readonly Finding[];
}

/** Where parentRefs may lead. */
export interface Parents {
  readonly store: Store;
  /** Gateways of ours by `namespace/name`. */
  readonly gateways: ReadonlyMap<string, GatewayModel>;
}

/**
 * `namespace/name` of the Gateway a parentRef names; undefined for other kinds (a Service's mesh, a
 * ListenerSet).
 */
export function gatewayKey(
  { group, kind, namespace, name }: ParentReference,
  own: string,
): string | undefined {
  return group === gatewayGroup && kind === "Gateway" ? `${namespace || own}/${name}` : undefined;
}

/** Follows one parentRef; undefined when it leads to no Gateway of ours. */
export function attach(
  route: Attachable,
  reference: ParentReference,
  path: Path,
  parents: Parents,
): Attachment | undefined {
  const key = gatewayKey(reference, route.namespace);
  const gateway = key === undefined ? undefined : parents.gateways.get(key);
  if (gateway === undefined) return undefined;
  const attachment = { reference, path, gateway, notes: [] };
  const selected = gateway.listeners.filter((model) => isSelected(model, reference));
  if (selected.length === 0)
    return { ...attachment, listeners: [], refusal: noMatchingParent(gateway, reference, path) };
  const allowed = selected.filter((model) => isAllowed(model, route, gateway, parents.store));
  if (allowed.length === 0) {
    const notes = unknownNamespaceNotes(selected, route, path, parents.store);
    return { ...attachment, listeners: [], refusal: notAllowed(gateway, route, path), notes };
  }
  const listeners = allowed.filter((model) => hasHostInCommon(model, route));
  if (listeners.length === 0)
    return { ...attachment, listeners, refusal: noMatchingHostname(gateway, allowed, path) };
  return { ...attachment, listeners };
}

/** A parentRef without sectionName and port selects every listener; with both, both must fit. */
function isSelected(
  { name, listener }: ListenerModel,
  { sectionName, port }: ParentReference,
): boolean {
  return (!sectionName || name === sectionName) && (port === undefined || listener?.port === port);
}

function isAllowed(
  { listener, supportedKinds }: ListenerModel,
  { kind, namespace }: Attachable,
  gateway: GatewayModel,
  store: Store,
): boolean {
  if (listener === undefined || !supportedKinds.some((supported) => isSameKind(supported, kind)))
    return false;
  return allowsNamespace(
    listener.allowedRoutes.namespaces,
    gateway.entry.metadata.namespace,
    namespace,
    store,
  );
}

function hasHostInCommon({ listener }: ListenerModel, { hostnames }: Attachable): boolean {
  return (
    hostnames.length === 0 ||
    hostnames.some((hostname) => hostnamesIntersect(listener?.hostname, hostname))
  );
}

function noMatchingParent(
  gateway: GatewayModel,
  { sectionName, port }: ParentReference,
  path: Path,
): Problem<AttachmentRefusal> {
  const wanted = [
    sectionName ? `named ${sectionName}` : "",
    port === undefined ? "" : `on port ${port}`,
  ]
    .filter(Boolean)
    .join(" ");
  const message =
    wanted === ""
      ? `${gateway.entry.identity} has no listener.`
      : `${gateway.entry.identity} has no listener ${wanted}.`;
  return { reason: "NoMatchingParent", code: "noMatchingParent", path, message };
}

function notAllowed(
  gateway: GatewayModel,
  { kind, namespace }: Attachable,
  path: Path,
): Problem<AttachmentRefusal> {
  const message = `No listener of ${gateway.entry.identity} selected here takes an ${kind.kind} from namespace ${namespace}.`;
  return { reason: "NotAllowedByListeners", code: "notAllowed", path, message };
}

function noMatchingHostname(
  gateway: GatewayModel,
  allowed: readonly ListenerModel[],
  path: Path,
): Problem<AttachmentRefusal> {
  const hosts = allowed.map(({ listener }) => quote(listener?.hostname ?? "")).join(", ");
  const message = `None of the route's hosts is among those of ${gateway.entry.identity}: ${hosts}.`;
  return { reason: "NoMatchingListenerHostname", code: "noMatchingHostname", path, message };
}

function unknownNamespaceNotes(
  selected: readonly ListenerModel[],
  { namespace }: Attachable,
  path: Path,
  store: Store,
): Finding[] {
  const isSelective = selected.some(
    ({ listener }) => listener?.allowedRoutes.namespaces.from === "Selector",
  );
  if (!isSelective || store.Namespace.has(namespace)) return [];
  const message = `Namespace ${namespace} is not among the objects; of its labels only its name is known.`;
  return [{ code: "unknownNamespace", path, message }];
}
