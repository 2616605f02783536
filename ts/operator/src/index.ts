/** Serves the Gateway API with Ghost in a cluster. */

export { gatewayClassParametersDefinition } from "./parameters/definition.js";
export type { GatewayClassParametersSpec } from "./parameters/schema.js";
