/**
 * Documents as they are served: where services ask for probes or names, endpoints go out as a document of their own with what is
 * known of them. Routes are the same bytes whatever becomes of endpoints. A source that asks for nothing is served as it is.
 */

import type { Core, LiveEndpoints, LivePlan } from "@ghost-gateway/core";
import type { StoredContents } from "./history.js";
import { stampDocument } from "./stamp.js";

const noPlan: LivePlan = { checks: [], names: [] };

export class LiveDocuments {
  readonly #core: Core;
  readonly #endpointsName: string;
  #live: LiveEndpoints | undefined;
  #routes: Buffer | undefined;
  #endpoints: Buffer | undefined;
  /** Routes that hold their endpoints, with the name of the document that counts instead. */
  #split: Buffer | undefined;
  #onPlan: (plan: LivePlan) => void = () => undefined;

  constructor(core: Core, endpointsName: string) {
    this.#core = core;
    this.#endpointsName = endpointsName;
  }

  /** Told what is to be probed and resolved, now and whenever it may have changed. */
  set onPlan(told: (plan: LivePlan) => void) {
    this.#onPlan = told;
    this.#tell();
  }

  /** Documents with what is known now. */
  serve(contents: StoredContents): StoredContents {
    const { routes, endpoints } = contents;
    const hasNewRoutes = routes !== this.#routes;
    if (hasNewRoutes) this.#take(routes);
    if (this.#live === undefined) return contents;
    if (hasNewRoutes || endpoints !== this.#endpoints) {
      this.#live.setEndpoints(endpoints, this.#endpointsName);
      this.#endpoints = endpoints;
      this.#tell();
    }
    return {
      routes: endpoints === undefined ? this.#splitRoutes(routes) : routes,
      endpoints: Buffer.from(this.#live.document()),
    };
  }

  /** Takes the result of a probe; whether the endpoint's state changed. */
  observe(service: string, endpoint: string, isAlive: boolean): boolean {
    return this.#live?.observe(service, endpoint, isAlive, performance.now()) === true;
  }

  /** Takes the addresses of a name; whether they are others than before. They are to be probed, where that is asked for. */
  resolve(service: string, addresses: readonly string[]): boolean {
    const isChanged = this.#live?.resolve(service, addresses) === true;
    if (isChanged) this.#tell();
    return isChanged;
  }

  #take(routes: Buffer): void {
    this.#routes = routes;
    this.#split = undefined;
    const was = this.#live;
    const live = mayAsk(routes) ? (was ?? this.#core.liveEndpoints()) : undefined;
    live?.setRoutes(routes, "ghost.json");
    this.#live = live?.isAsked === true ? live : undefined;
    if (was !== undefined && this.#live === undefined) this.#tell();
  }

  #splitRoutes(routes: Buffer): Buffer {
    this.#split ??= stampDocument(routes, { ownEndpointsFile: this.#endpointsName });
    return this.#split;
  }

  #tell(): void {
    this.#onPlan(this.#live?.plan() ?? noPlan);
  }
}

/**
 * Whether a document can hold one of the words; the core says whether it does. Most hold none, and cost one look through their
 * bytes. A word may also be written with escapes.
 */
function mayAsk(routes: Buffer): boolean {
  return ['"healthCheck"', '"resolve"', String.raw`\u`].some((word) => routes.includes(word));
}
