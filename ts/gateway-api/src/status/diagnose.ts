/** Findings of the whole model as diagnostics, sorted by place. */

import { compareDiagnostics, diagnose } from "../diagnostics.js";
import type { Diagnostic, Finding } from "../diagnostics.js";
import { streamOwners } from "../emit/ir.js";
import type { Parent } from "../model/gateway.js";
import { Mapped, isSameList } from "../model/judgements.js";
import type { ListenerModel } from "../model/listener.js";
import type { Model } from "../model/model.js";
import { targetsOf } from "../model/policy.js";
import { unresolvedOf } from "../model/route.js";
import type { RouteModel } from "../model/route.js";
import { entryDiagnostics } from "../model/store.js";
import type { Entry, Table } from "../model/store.js";
import { conflictOf } from "./policy.js";

const routesPerStep = 512;

export class ModelDiagnostics {
  readonly #entries = new WeakMap<Entry<unknown>, readonly Diagnostic[]>();
  readonly #routes = new Mapped(routeDiagnostics);
  #diagnostics: readonly Diagnostic[] = [];

  *write(model: Model): Generator<void, readonly Diagnostic[]> {
    const found: Diagnostic[] = [...model.strays];
    for (const table of Object.values(model.tables) as Table<unknown>[])
      for (const entry of table.faulty())
        found.push(...kept(this.#entries, entry, entryDiagnostics));
    yield;
    for (const told of yield* this.#routes.update(model.routes, routesPerStep))
      if (told.length > 0) found.push(...told);
    found.push(...parentDiagnostics(model), ...sliceDiagnostics(model));
    found.push(...streamDiagnostics(model), ...policyDiagnostics(model));
    yield;
    found.sort(compareDiagnostics);
    if (!isSameList(this.#diagnostics, found)) this.#diagnostics = found;
    return this.#diagnostics;
  }
}

function kept<Key extends object, Value>(
  seen: WeakMap<Key, Value>,
  key: Key,
  make: (key: Key) => Value,
): Value {
  const known = seen.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  seen.set(key, made);
  return made;
}

function about(entry: Entry<unknown>, findings: readonly Finding[]): Diagnostic[] {
  return findings.map((finding) => diagnose(entry.source, entry.identity, finding));
}

function routeDiagnostics(route: RouteModel): readonly Diagnostic[] {
  return about(route.entry, routeFindings(route));
}

function routeFindings(route: RouteModel): Finding[] {
  // A malformed route was already told so; that it is attached or not is then beside the point.
  if (route.entry.spec === undefined || route.isForeign) return [...route.notes];
  return [
    ...route.notes,
    ...route.attachments.flatMap(({ refusal, notes }) =>
      refusal === undefined ? notes : [refusal, ...notes],
    ),
    ...route.rules.flatMap(({ refusals, notes }) => [...refusals, ...notes]),
    ...unresolvedOf(route),
  ];
}

function parentDiagnostics(model: Model): Diagnostic[] {
  const ours = [...model.gateways.values()];
  return [
    ...model.classes.flatMap(({ entry, refusals }) => about(entry, refusals)),
    ...model.foreign.flatMap(({ entry, foreign }) => about(entry, [foreign])),
    ...ours.flatMap((gateway) => [
      // What is malformed was told with the object.
      ...(gateway.entry.spec === undefined ? [] : about(gateway.entry, gateway.refusals)),
      ...about(gateway.entry, gateway.unresolved),
      ...listenerDiagnostics(gateway),
      ...gateway.sets.flatMap((set) => [
        ...(set.refusal === undefined || set.entry.spec === undefined
          ? []
          : about(set.entry, [set.refusal])),
        ...listenerDiagnostics(set),
      ]),
    ]),
  ];
}

function listenerDiagnostics({ entry, listeners }: Parent): Diagnostic[] {
  return about(
    entry,
    listeners.flatMap(({ refusals, unresolved }: ListenerModel) => [...refusals, ...unresolved]),
  );
}

function sliceDiagnostics({ faultySlices }: Model): Diagnostic[] {
  return faultySlices.flatMap(({ entry, findings }) => about(entry, findings));
}

function streamDiagnostics({ streams }: Model): Diagnostic[] {
  const owners = streamOwners(streams);
  return streams.flatMap((route) => {
    if (route.kind !== "TCPRoute" && route.kind !== "UDPRoute") return [];
    return route.attachments.flatMap(({ listeners, path }) =>
      listeners.flatMap((listener) => {
        const owner = owners.get(listener);
        if (owner === undefined || owner === route) return [];
        const message = `${owner.entry.identity} is older and has listener ${listener.name ?? ""}.`;
        return about(route.entry, [{ code: "streamConflict", path, message }]);
      }),
    );
  });
}

function policyDiagnostics(model: Model): Diagnostic[] {
  return model.policies.flatMap((policy) => {
    const { entry, refusals, unresolved } = policy;
    if (entry.spec === undefined) return [];
    const { namespace } = entry.metadata;
    const services = targetsOf(policy).map(({ name }) => `${namespace}/${name}`);
    const conflict = conflictOf(policy, services, model);
    const lost = conflict === undefined ? [] : [conflict];
    return about(entry, [...refusals, ...lost, ...unresolved]);
  });
}
