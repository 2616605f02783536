/** The chaperone in a Kubernetes Pod. */

export { Acknowledgements } from "./acknowledge.js";
export type { AcknowledgeOptions } from "./acknowledge.js";
export { deliverySource } from "./delivery-source.js";
export type { DeliveryOptions, DeliveryPlace, DeliverySource } from "./delivery-source.js";
export { runPod } from "./pod.js";
export type { PodOptions } from "./pod.js";
export { runEdgePod } from "./edge/edge-pod.js";
export type { EdgePodEvent, EdgePodOptions } from "./edge/edge-pod.js";
export { placeConfiguration } from "./edge/place.js";
export type { PlacedConfiguration } from "./edge/place.js";
