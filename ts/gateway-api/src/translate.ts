/**
 * The translation, stage by stage: store, model, then document, statuses and diagnostics, each read
 * off from the model.
 */

import { compareDiagnostics, place } from "./diagnostics.js";
import type { Diagnostic } from "./diagnostics.js";
import type { RoutingDocument } from "./document.js";
import { emitDocument } from "./emit/routes.js";
import type { GatewayModel } from "./model/gateway.js";
import { buildModel } from "./model/model.js";
import type { Model } from "./model/model.js";
import { readStore } from "./model/store.js";
import { quote } from "./source.js";
import type { LocatedObject } from "./source.js";
import { gatewayStatus } from "./status/gateway.js";
import type { GatewayStatus } from "./status/gateway.js";
import { routeStatus } from "./status/route.js";
import type { RouteStatus } from "./status/route.js";

/** The name Ghost answers to in GatewayClasses, and signs route statuses with. */
export const defaultControllerName = "ghost-gateway.io/controller";

export interface TranslateOptions {
  /** Only Gateways whose GatewayClass names this controller count. Absent: every Gateway counts as ours. */
  readonly controllerName?: string;
  /**
   * `namespace/name` of the one Gateway to write the document for. Absent: all of ours. Statuses
   * are always complete.
   */
  readonly gateway?: string;
}

export type ObjectStatus = GatewayStatus | RouteStatus;

/**
 * Translates Kubernetes objects. Pure and total: the order of `objects` does not matter, malformed
 * objects are told what is wrong with them and touch no others, nothing throws.
 */
export function translate(
  objects: readonly LocatedObject[],
  options: TranslateOptions = {},
): { document: RoutingDocument; diagnostics: Diagnostic[]; statuses: ObjectStatus[] } {
  const { store, diagnostics } = readStore(objects);
  const model = buildModel(store, options.controllerName);
  const gateways = selectGateways(model, options.gateway);
  const missing =
    gateways.length === 0 && options.gateway !== undefined ? [unknownGateway(options.gateway)] : [];
  return {
    document: emitDocument(model, gateways),
    diagnostics: [...diagnostics, ...model.diagnostics, ...missing].toSorted(compareDiagnostics),
    statuses: [
      ...[...model.gateways.values()].map((gateway) => gatewayStatus(gateway, model)),
      ...model.routes.flatMap((route) =>
        routeStatus(route, options.controllerName ?? defaultControllerName),
      ),
    ],
  };
}

function selectGateways(model: Model, wanted: string | undefined): GatewayModel[] {
  return [...model.gateways.values()].filter(({ key }) => wanted === undefined || key === wanted);
}

function unknownGateway(wanted: string): Diagnostic {
  const finding = {
    code: "unknownGateway",
    path: [],
    message: `There is no Gateway ${quote(wanted)} of ours.`,
  } as const;
  return place(finding, { file: "", line: 0, column: 0 }, null);
}
