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
export { translate } from "./translate.js";
export { createTranslator, defaultControllerName } from "./translator.js";
export type {
  GatewayTranslation,
  TranslateOptions,
  Translation,
  Translator,
} from "./translator.js";
export { routingDocument, splitDocuments } from "./emit/document.js";
export { allFeatures, supportedFeatures } from "./features.js";
export type { Feature } from "./features.js";
export type {
  AuthorityModel,
  BackendTls,
  CertificateModel,
  EndpointIr,
  Infrastructure,
  Ir,
  ListenerIr,
  ServiceIr,
  StreamRouteIr,
  TlsModel,
} from "./ir.js";
export type { Changes, ObjectName } from "./model/store.js";
export type { ObjectStatus } from "./status/writer.js";
export { diagnosticCodes } from "./diagnostics.js";
export type { CodeDescription, CodeName, Diagnostic, Severity } from "./diagnostics.js";
export type * from "./generated/resources.js";
export type { Condition } from "./status/condition.js";
export type { GatewayClassStatus } from "./status/class.js";
export type { GatewayStatus, ListenerSetStatus, ListenerStatus } from "./status/gateway.js";
export type { PolicyAncestorStatus, PolicyStatus } from "./status/policy.js";
export type { RouteParentStatus, RouteStatus } from "./status/route.js";
export type {
  EndpointState,
  EndpointsDocument,
  InvalidReference,
  RoutesDocument,
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
