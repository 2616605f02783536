/** Listeners that serve, named. */

import type { ListenerIr } from "../ir.js";
import type { Listener } from "../objects.js";
import type { GatewayModel } from "../model/gateway.js";
import { serves } from "../model/listener.js";
import type { ListenerModel } from "../model/listener.js";
import type { Entry } from "../model/store.js";
import { renderSource } from "../source.js";

/**
 * Names listeners: by their own names, or, when several Gateways share an IR, as
 * `namespace/gateway/listener`. Those of ListenerSets are `ListenerSet/namespace/name/listener`:
 * their names need not differ from the Gateway's.
 */
export class ListenerNames {
  #isShared = false;
  #known = new WeakMap<ListenerModel, ListenerIr>();

  /** Whether names came out otherwise than before: then what was emitted with them is stale. */
  name(gateways: readonly GatewayModel[]): {
    readonly named: ReadonlyMap<ListenerModel, ListenerIr>;
    readonly isRenamed: boolean;
  } {
    const isShared = gateways.length > 1;
    const isRenamed = isShared !== this.#isShared;
    if (isRenamed) this.#known = new WeakMap();
    this.#isShared = isShared;
    const named = new Map<ListenerModel, ListenerIr>();
    for (const gateway of gateways) {
      if (gateway.refusals.length > 0) continue;
      const prefix = isShared ? `${gateway.key}/` : "";
      this.#add(named, gateway.entry, gateway.listeners, prefix);
      for (const { entry, listeners } of gateway.sets)
        this.#add(named, entry, listeners, `${entry.identity}/`);
    }
    return { named, isRenamed };
  }

  #add(
    named: Map<ListenerModel, ListenerIr>,
    entry: Entry<unknown>,
    listeners: readonly ListenerModel[],
    prefix: string,
  ): void {
    for (const model of listeners.filter(serves)) {
      const known =
        this.#known.get(model) ??
        emitListener(
          model,
          `${prefix}${model.listener.name}`,
          renderSource(entry.source, model.path),
        );
      this.#known.set(model, known);
      named.set(model, known);
    }
  }
}

function emitListener(
  model: ListenerModel & { readonly listener: Listener },
  name: string,
  source: string | undefined,
): ListenerIr {
  const { port, protocol, hostname } = model.listener;
  return {
    name,
    port,
    // A listener that serves has one of the five protocols (kindsByProtocol).
    protocol: protocol as ListenerIr["protocol"],
    ...(hostname ? { hostname } : {}),
    object: model.owner.identity,
    ...(source === undefined ? {} : { source }),
    ...(model.tls === undefined ? {} : { tls: model.tls }),
  };
}
