/** Which listener a request belongs to. Knows no routes. */

import type { Document, Listener } from "../document.ts";
import { hostnameSpecificity, hostnameTakes } from "./hostname.ts";
import type { Received } from "./receive.ts";

export interface Entered {
  /** Null: no listeners are declared. */
  readonly name: string | null;
  readonly port: number;
}

/** Listeners in force: of two with one name, or with one port and host name, only the first serves. */
export function listenersInForce(document: Document): readonly Listener[] {
  const kept: Listener[] = [];
  for (const one of document.listeners ?? []) {
    const clash = kept.some(
      (other) =>
        other.name === one.name || (other.port === one.port && other.hostname === one.hostname),
    );
    if (!clash) kept.push(one);
  }
  return kept;
}

/**
 * The listener a request belongs to, or null. Listeners of one port and protocol share a socket; of those whose host
 * name takes the request's, the most specific one has it, and no route of another one applies (Gateway API,
 * ListenerIsolation: exact names, then wildcards with more labels, then listeners without a name).
 */
export function chooseListener(
  listeners: readonly Listener[],
  received: Received,
  named: string | undefined,
): Entered | null {
  // Without listeners every request belongs to one that has no name.
  if (listeners.length === 0) return { name: null, port: received.port };
  const socket = socketOf(listeners, received, named);
  const [best] = listeners
    .filter((one) => one.port === socket?.port && one.protocol === socket.protocol)
    .filter((one) => hostnameTakes(one.hostname, received.host))
    .toSorted(byHostname);
  return best === undefined ? null : { name: best.name, port: best.port };
}

function byHostname(left: Listener, right: Listener): number {
  const [leftExact, leftAny] = hostnameSpecificity(left.hostname);
  const [rightExact, rightAny] = hostnameSpecificity(right.hostname);
  return rightExact - leftExact || rightAny - leftAny;
}

/** Only HTTP and HTTPS listeners take HTTP requests; scheme and port name the socket unless the listener is named. */
function socketOf(
  listeners: readonly Listener[],
  received: Received,
  named: string | undefined,
): { readonly port: number; readonly protocol: string } | undefined {
  if (named === undefined) {
    return { port: received.port, protocol: received.scheme === "https" ? "HTTPS" : "HTTP" };
  }
  const one = listeners.find((listener) => listener.name === named);
  return one?.protocol === "HTTP" || one?.protocol === "HTTPS" ? one : undefined;
}
