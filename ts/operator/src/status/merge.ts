/** A status as the translation wants it, joined with the one that is stored. Pure. */

import { isDeepStrictEqual } from "node:util";

import type {
  Condition,
  GatewayStatus,
  ListenerSetStatus,
  ListenerStatus,
  ObjectStatus,
  PolicyStatus,
  RouteStatus,
} from "@ghost-gateway/gateway-api";
import type { KubernetesObject } from "@ghost-gateway/kubernetes";
import { mergeConditions } from "./conditions.js";
import type { StoredCondition } from "./conditions.js";
import { mergeEntries } from "./entries.js";
import type { Reference, StoredEntry } from "./entries.js";

/** An object with whatever its status holds: written by several hands, so nothing is believed of its shape. */
export interface WithStatus extends KubernetesObject {
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Types of conditions that are ours to remove, by kind. */
const ownedTypes: Readonly<Record<string, readonly string[]>> = {
  GatewayClass: ["Accepted", "SupportedVersion"],
  Gateway: ["Accepted", "Programmed", "ResolvedRefs", "InsecureFrontendValidationMode"],
  ListenerSet: ["Accepted", "Programmed", "ResolvedRefs"],
  Listener: ["Accepted", "Programmed", "ResolvedRefs", "Conflicted", "OverlappingTLSConfig"],
  Entry: ["Accepted", "ResolvedRefs", "PartiallyInvalid"],
};

/** The object to store; undefined where its status says it all already. */
export function mergeStatus(
  stored: WithStatus,
  wanted: ObjectStatus,
  controllerName: string,
  date: Date,
): WithStatus | undefined {
  const before = stored.status ?? {};
  const after = merged(before, wanted, controllerName, date);
  const isSame = Object.entries(after).every(([key, value]) => isSameValue(before[key], value));
  return isSame ? undefined : { ...stored, status: { ...before, ...after } };
}

function merged(
  before: Readonly<Record<string, unknown>>,
  wanted: ObjectStatus,
  controllerName: string,
  date: Date,
): Readonly<Record<string, unknown>> {
  switch (wanted.kind) {
    case "GatewayClass":
      return {
        conditions: conditionsOf(before, wanted.status.conditions, "GatewayClass", date),
        supportedFeatures: wanted.status.supportedFeatures,
      };
    case "Gateway":
    case "ListenerSet":
      return mergedListeners(before, wanted, date);
    case "BackendTLSPolicy":
      return { ancestors: mergedAncestors(before, wanted, controllerName, date) };
    case "HTTPRoute":
    case "GRPCRoute":
    case "TLSRoute":
    case "TCPRoute":
    case "UDPRoute":
      return { parents: mergedParents(before, wanted, controllerName, date) };
  }
}

function mergedListeners(
  before: Readonly<Record<string, unknown>>,
  wanted: GatewayStatus | ListenerSetStatus,
  date: Date,
): Readonly<Record<string, unknown>> {
  const { conditions, listeners, ...rest } = wanted.status;
  const stored = new Map(recordsIn(before, "listeners").map((entry) => [entry["name"], entry]));
  return {
    ...rest,
    conditions: conditionsOf(before, conditions, wanted.kind, date),
    listeners: listeners.map((listener: ListenerStatus) => ({
      ...listener,
      conditions: conditionsOf(
        stored.get(listener.name) ?? {},
        listener.conditions,
        "Listener",
        date,
      ),
    })),
  };
}

function mergedParents(
  before: Readonly<Record<string, unknown>>,
  wanted: RouteStatus,
  controllerName: string,
  date: Date,
): readonly unknown[] {
  const stored = recordsIn(before, "parents");
  const ours = wanted.status.parents.map(({ parentRef, conditions }) => ({
    reference: { ...parentRef },
    conditions,
  }));
  return entriesWith("parentRef", stored, ours, controllerName, date);
}

function mergedAncestors(
  before: Readonly<Record<string, unknown>>,
  wanted: PolicyStatus,
  controllerName: string,
  date: Date,
): readonly unknown[] {
  const stored = recordsIn(before, "ancestors");
  const ours = wanted.status.ancestors.map(({ ancestorRef, conditions }) => ({
    reference: { ...ancestorRef },
    conditions,
  }));
  return entriesWith("ancestorRef", stored, ours, controllerName, date);
}

/** Others' entries go back as they came, whatever is in them. */
function entriesWith(
  key: "parentRef" | "ancestorRef",
  stored: readonly Readonly<Record<string, unknown>>[],
  wanted: readonly { readonly reference: Reference; readonly conditions: readonly Condition[] }[],
  controllerName: string,
  date: Date,
): readonly unknown[] {
  const raw = new Map<StoredEntry, unknown>();
  const entries = stored.map((value) => {
    const entry: StoredEntry = {
      controllerName: String(value["controllerName"]),
      reference: isRecord(value[key]) ? value[key] : {},
      conditions: storedConditions(value),
    };
    raw.set(entry, value);
    return entry;
  });
  const owned = new Set(ownedTypes["Entry"]);
  return mergeEntries(entries, wanted, controllerName, owned, date).map(
    (entry) =>
      raw.get(entry) ?? {
        [key]: entry.reference,
        controllerName: entry.controllerName,
        conditions: entry.conditions,
      },
  );
}

function conditionsOf(
  before: Readonly<Record<string, unknown>>,
  wanted: readonly Condition[],
  kind: string,
  date: Date,
): readonly StoredCondition[] {
  return mergeConditions(storedConditions(before), wanted, new Set(ownedTypes[kind]), date);
}

function storedConditions(holder: Readonly<Record<string, unknown>>): readonly StoredCondition[] {
  const stored: readonly unknown[] = recordsIn(holder, "conditions");
  return stored.filter(isCondition);
}

function isCondition(value: unknown): value is StoredCondition {
  return (
    isRecord(value) && typeof value["type"] === "string" && typeof value["status"] === "string"
  );
}

function recordsIn(
  holder: Readonly<Record<string, unknown>>,
  key: string,
): readonly Readonly<Record<string, unknown>>[] {
  const value = holder[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal as JSON, whatever the order of keys: the API server sorts them its own way. */
function isSameValue(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(plain(left), plain(right));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
