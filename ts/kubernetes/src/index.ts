/** Speaks to a Kubernetes API server. Knows no routing. */

export { backoff, defaultBackoff } from "./backoff.js";
export type { BackoffLimits } from "./backoff.js";
export { systemClock } from "./clock.js";
export type { Clock } from "./clock.js";
export { Connection } from "./connection.js";
export type { Call, ConnectionOptions } from "./connection.js";
export { ApiError, ConnectionError } from "./error.js";
export type { Status } from "./error.js";
export { defaultElectionTimes } from "./lease/election.js";
export type { ElectionTimes } from "./lease/election.js";
export { leadOnce } from "./lease/elector.js";
export type { ElectorOptions, Term } from "./lease/elector.js";
export { keyOf } from "./objects.js";
export type { KubernetesObject, ObjectKey, ObjectMetadata, OwnerReference } from "./objects.js";
export { apply, create, edit, get, mergePatch, remove, replace } from "./operations.js";
export type { DeleteOptions, FieldManager } from "./operations.js";
export { apiVersionOf, pathOf, resources } from "./resource.js";
export type { ObjectPath, Resource, ResourceName } from "./resource.js";
export { listAll } from "./watch/pages.js";
export type { Selection, Snapshot } from "./watch/pages.js";
export { reflect } from "./watch/reflector.js";
export type {
  Change,
  ReflectorLimits,
  ReflectorOptions,
  ReflectorState,
} from "./watch/reflector.js";
export { BundleError, cut } from "./delivery/bundle.js";
export type { Documents, Index } from "./delivery/bundle.js";
export { indexConfigMap, indexOf, shardConfigMap } from "./delivery/config-maps.js";
export type { ConfigMap, Delivery } from "./delivery/config-maps.js";
export { BundleReader } from "./delivery/fetch.js";
export { FencedOff, publish } from "./delivery/publish.js";
export type { Publication } from "./delivery/publish.js";
