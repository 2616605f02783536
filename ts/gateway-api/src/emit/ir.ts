/** The IR of some Gateways, written again only where the model has changed. */

import type { RoutingRoute } from "../document.js";
import type { Ir, ListenerIr, StreamRouteIr } from "../ir.js";
import type { GatewayModel } from "../model/gateway.js";
import { Mapped, isSameList } from "../model/judgements.js";
import type { ListenerModel } from "../model/listener.js";
import type { Model } from "../model/model.js";
import { refusalsOf } from "../model/route.js";
import type { RouteModel } from "../model/route.js";
import { compareAge } from "../model/store.js";
import { ListenerNames } from "./listeners.js";
import { emitRoute, emitStream } from "./routes.js";
import type { NamedListeners } from "./routes.js";
import { NamedTargets, ServiceEmitter, namedServices } from "./services.js";
import type { NamedService } from "./services.js";

interface Emitted {
  readonly route: RoutingRoute | undefined;
  readonly services: readonly NamedService[];
}

/** How many routes are looked at between two steps. */
const routesPerStep = 128;

export class IrEmitter {
  readonly #names = new ListenerNames();
  readonly #services = new ServiceEmitter();
  readonly #targets = new NamedTargets();
  #named: NamedListeners = new Map();
  #emitted = this.#mapped();
  #streams: readonly StreamRouteIr[] = [];
  #ir: Ir | undefined;

  *emit(model: Model, gateways: readonly GatewayModel[]): Generator<void, Ir> {
    const { named, isRenamed } = this.#names.name(gateways);
    this.#named = named;
    if (isRenamed) this.#emitted = this.#mapped();
    const emitted = yield* this.#emitted.update(model.routes, routesPerStep);
    this.#targets.update(emitted);
    yield;
    const routes: RoutingRoute[] = [];
    for (const { route } of emitted) if (route !== undefined) routes.push(route);
    const streams = emitStreams(model, named);
    const services = this.#targets.with(streams.flatMap((stream) => stream.services));
    return this.#assemble({
      listeners: [...named.values()],
      routes,
      streams: this.#keepStreams(streams.map(({ stream }) => stream)),
      services: this.#services.emit(services, model.slices),
      clientCertificates: Object.fromEntries(
        gateways.flatMap(({ key, clientCertificate }) =>
          clientCertificate === undefined ? [] : [[key, clientCertificate]],
        ),
      ),
    });
  }

  #keepStreams(streams: readonly StreamRouteIr[]): readonly StreamRouteIr[] {
    return JSON.stringify(streams) === JSON.stringify(this.#streams) ? this.#streams : streams;
  }

  #mapped(): Mapped<RouteModel, Emitted> {
    return new Mapped((route) => {
      const emitted = emitRoute(route, this.#named);
      return { route: emitted, services: emitted === undefined ? [] : namedServices(route) };
    });
  }

  #assemble(next: Ir): Ir {
    const before = this.#ir;
    this.#streams = next.streams;
    const certificates = before?.clientCertificates;
    const isSameCertificates =
      JSON.stringify(certificates) === JSON.stringify(next.clientCertificates);
    const ir: Ir = {
      listeners: keepList(before?.listeners, next.listeners),
      routes: keepList(before?.routes, next.routes),
      streams: next.streams,
      services: next.services,
      clientCertificates:
        certificates !== undefined && isSameCertificates ? certificates : next.clientCertificates,
    };
    const isSame = before !== undefined && isSameList(Object.values(before), Object.values(ir));
    this.#ir = isSame ? before : ir;
    return this.#ir;
  }
}

function keepList<T>(before: readonly T[] | undefined, next: readonly T[]): readonly T[] {
  return before !== undefined && isSameList(before, next) ? before : next;
}

/**
 * Streams in order of precedence. A TCP or UDP listener has one route: the oldest that is accepted,
 * whatever becomes of its backends.
 */
function emitStreams(
  model: Model,
  named: ReadonlyMap<ListenerModel, ListenerIr>,
): { readonly stream: StreamRouteIr; readonly services: readonly NamedService[] }[] {
  const owners = streamOwners(model.streams);
  return model.streams
    .toSorted((left, right) => compareAge(left.entry, right.entry))
    .flatMap((route) => {
      const has = (listener: ListenerModel): boolean =>
        route.kind === "TLSRoute" || owners.get(listener) === route;
      const stream = emitStream(route, named, has);
      return stream === undefined ? [] : [{ stream, services: namedServices(route) }];
    });
}

/** Which TCPRoute or UDPRoute has a listener's traffic. */
export function streamOwners(routes: readonly RouteModel[]): Map<ListenerModel, RouteModel> {
  const owners = new Map<ListenerModel, RouteModel>();
  for (const route of routes) {
    if (route.kind !== "TCPRoute" && route.kind !== "UDPRoute") continue;
    for (const attachment of route.attachments) {
      if (refusalsOf(route, attachment).length > 0) continue;
      for (const listener of attachment.listeners) {
        const known = owners.get(listener);
        if (known === undefined || compareAge(route.entry, known.entry) < 0)
          owners.set(listener, route);
      }
    }
  }
  return owners;
}
