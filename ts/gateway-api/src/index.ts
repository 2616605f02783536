/**
 * Kubernetes Gateway API objects to Ghost's routing document, as a pure function.
 *
 * Knows no client, no clock and no file system: text or objects come in, a document, statuses and
 * diagnostics go out.
 */

export { readObjects } from "./read/objects.js";
export type { SourceFile } from "./read/objects.js";
export { relocate } from "./relocate.js";
export type { KubernetesObject, LocatedObject, Origin, Path, Position, Step } from "./source.js";
export { defaultControllerName, translate } from "./translate.js";
export type { ObjectStatus, TranslateOptions } from "./translate.js";
export { diagnosticCodes } from "./diagnostics.js";
export type { CodeDescription, CodeName, Diagnostic, Severity } from "./diagnostics.js";
export type { Condition } from "./status/condition.js";
export type { GatewayStatus, ListenerStatus } from "./status/gateway.js";
export type { RouteParentStatus, RouteStatus } from "./status/route.js";
export type {
  EndpointState,
  InvalidReference,
  RoutingBackend,
  RoutingDocument,
  RoutingEndpoint,
  RoutingFilter,
  RoutingListener,
  RoutingMatch,
  RoutingMirror,
  RoutingRoute,
  RoutingRule,
  RoutingService,
  ServiceProtocol,
} from "./document.js";
