/** Documents, read off from the IR: requests alone, with what the core's documents can say. */

import type {
  EndpointsDocument,
  RoutesDocument,
  RoutingDocument,
  RoutingEndpoint,
  RoutingListener,
  RoutingService,
} from "../document.js";
import type { EndpointIr, Ir, ListenerIr, ServiceIr } from "../ir.js";

const listenersSeen = new WeakMap<ListenerIr, readonly RoutingListener[]>();
const servicesSeen = new WeakMap<ServiceIr, RoutingService | null>();
const recordsSeen = new WeakMap<Ir["services"], RoutingDocument["services"]>();
const documentsSeen = new WeakMap<Ir, RoutingDocument>();

/** `ghost.json` with everything in it. The same IR gives the same object. */
export function routingDocument(ir: Ir): RoutingDocument {
  const known = documentsSeen.get(ir);
  if (known !== undefined) return known;
  const document: RoutingDocument = {
    version: 1,
    listeners: ir.listeners.flatMap((listener) => kept(listenersSeen, listener, emitListener)),
    routes: ir.routes,
    services: kept(recordsSeen, ir.services, emitServices),
  };
  documentsSeen.set(ir, document);
  return document;
}

/** The same in two: who wants what, and where it lives. */
export function splitDocuments(
  { listeners, routes, services }: RoutingDocument,
  endpointsFile: string,
): { readonly routes: RoutesDocument; readonly endpoints: EndpointsDocument } {
  const all = Object.entries(services);
  return {
    routes: {
      version: 1,
      listeners,
      routes,
      services: Object.fromEntries(
        all.map(([key, { protocol, resolve }]) => [
          key,
          { protocol, ...(resolve === undefined ? {} : { resolve }) },
        ]),
      ),
      endpointsFile,
    },
    endpoints: {
      version: 1,
      services: Object.fromEntries(all.map(([key, { endpoints }]) => [key, { endpoints }])),
    },
  };
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

function emitListener({ name, port, protocol, hostname }: ListenerIr): RoutingListener[] {
  if (protocol !== "HTTP" && protocol !== "HTTPS") return [];
  return [{ name, port, protocol, ...(hostname === undefined ? {} : { hostname }) }];
}

function emitServices(services: Ir["services"]): RoutingDocument["services"] {
  return Object.fromEntries(
    Object.entries(services).flatMap(([key, service]) => {
      const emitted = kept(servicesSeen, service, emitService);
      return emitted === null ? [] : [[key, emitted]];
    }),
  );
}

function emitService({ protocol, resolve, endpoints }: ServiceIr): RoutingService | null {
  if (protocol === "tcp" || protocol === "udp") return null;
  return {
    protocol,
    ...(resolve === undefined ? {} : { resolve }),
    endpoints: endpoints.map(emitEndpoint),
  };
}

function emitEndpoint({ address, port, zone, state }: EndpointIr): RoutingEndpoint {
  return { address, port, ...(zone === undefined ? {} : { zone }), state };
}
