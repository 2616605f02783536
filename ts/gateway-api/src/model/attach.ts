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
import type { Parent } from "./gateway.js";
import { hostnamesIntersect } from "./hostname.js";
import { isSameKind } from "./listener.js";
import type { ListenerModel } from "./listener.js";
import type { Lookup } from "./lookup.js";
import { allowsNamespace } from "./namespace.js";
import type { AttachmentRefusal, Problem } from "./problem.js";

/** What attachment needs to know of a route. */
export interface Attachable {
  readonly kind: RouteGroupKind;
  readonly namespace: string;
  /** Empty: any. */
  readonly hostnames: readonly string[];
}

/** A parentRef that leads to a Gateway or ListenerSet of ours, and what became of it. */
export interface Attachment {
  readonly reference: ParentReference;
  readonly path: Path;
  readonly parent: Parent;
  /** Listeners that take the route, whether they serve or not; empty with a refusal. */
  readonly listeners: readonly ListenerModel[];
  readonly refusal?: Problem<AttachmentRefusal>;
  /** What else should be said about it. */
  readonly notes: readonly Finding[];
}

/**
 * `Kind/namespace/name` of the Gateway or ListenerSet a parentRef names; undefined for other kinds
 * (a Service's mesh).
 */
export function parentKey(
  { group, kind, namespace, name }: ParentReference,
  own: string,
): string | undefined {
  const isParent = group === gatewayGroup && (kind === "Gateway" || kind === "ListenerSet");
  return isParent ? `${kind}/${namespace || own}/${name}` : undefined;
}

/** Follows one parentRef; undefined when it leads to nothing of ours. */
export function attach(
  route: Attachable,
  reference: ParentReference,
  path: Path,
  { parents, store }: Lookup,
): Attachment | undefined {
  const key = parentKey(reference, route.namespace);
  const parent = key === undefined ? undefined : parents.get(key);
  if (parent === undefined) return undefined;
  const attachment = { reference, path, parent, notes: [] };
  const selected = parent.listeners.filter((model) => isSelected(model, reference));
  if (selected.length === 0)
    return { ...attachment, listeners: [], refusal: noMatchingParent(parent, reference, path) };
  const allowed = selected.filter((model) => isAllowed(model, route, store.Namespace));
  if (allowed.length === 0) {
    const notes = unknownNamespaceNotes(selected, route, path, store.Namespace);
    return { ...attachment, listeners: [], refusal: notAllowed(parent, route, path), notes };
  }
  const listeners = allowed.filter((model) => hasHostInCommon(model, route));
  if (listeners.length === 0)
    return { ...attachment, listeners, refusal: noMatchingHostname(parent, allowed, path) };
  return { ...attachment, listeners };
}

type Namespaces = Lookup["store"]["Namespace"];

/** A parentRef without sectionName and port selects every listener; with both, both must fit. */
function isSelected(
  { name, listener }: ListenerModel,
  { sectionName, port }: ParentReference,
): boolean {
  return (!sectionName || name === sectionName) && (port === undefined || listener?.port === port);
}

function isAllowed(
  { listener, owner, supportedKinds }: ListenerModel,
  { kind, namespace }: Attachable,
  namespaces: Namespaces,
): boolean {
  if (listener === undefined || !supportedKinds.some((supported) => isSameKind(supported, kind)))
    return false;
  // In a ListenerSet, Same is the ListenerSet's own namespace.
  return allowsNamespace(listener.allowedRoutes.namespaces, owner.namespace, namespace, namespaces);
}

function hasHostInCommon({ listener }: ListenerModel, { hostnames }: Attachable): boolean {
  return (
    hostnames.length === 0 ||
    hostnames.some((hostname) => hostnamesIntersect(listener?.hostname, hostname))
  );
}

function noMatchingParent(
  parent: Parent,
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
      ? `${parent.entry.identity} has no listener.`
      : `${parent.entry.identity} has no listener ${wanted}.`;
  return { reason: "NoMatchingParent", code: "noMatchingParent", path, message };
}

function notAllowed(
  parent: Parent,
  { kind, namespace }: Attachable,
  path: Path,
): Problem<AttachmentRefusal> {
  const message = `No listener of ${parent.entry.identity} selected here takes an ${kind.kind} from namespace ${namespace}.`;
  return { reason: "NotAllowedByListeners", code: "notAllowed", path, message };
}

function noMatchingHostname(
  parent: Parent,
  allowed: readonly ListenerModel[],
  path: Path,
): Problem<AttachmentRefusal> {
  const hosts = allowed.map(({ listener }) => quote(listener?.hostname ?? "")).join(", ");
  const message = `None of the route's hosts is among those of ${parent.entry.identity}: ${hosts}.`;
  return { reason: "NoMatchingListenerHostname", code: "noMatchingHostname", path, message };
}

function unknownNamespaceNotes(
  selected: readonly ListenerModel[],
  { namespace }: Attachable,
  path: Path,
  namespaces: Namespaces,
): Finding[] {
  const isSelective = selected.some(
    ({ listener }) => listener?.allowedRoutes.namespaces.from === "Selector",
  );
  if (!isSelective || namespaces.get(namespace) !== undefined) return [];
  const message = `Namespace ${namespace} is not among the objects; of its labels only its name is known.`;
  return [{ code: "unknownNamespace", path, message }];
}
