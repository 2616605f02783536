/** Features of the Gateway API that a Gateway of ours really has: those of the translation that the edge is told about. */

import { allFeatures } from "@ghost-gateway/gateway-api";

/** Each with its reason. */
const missing: ReadonlyMap<string, string> = new Map([
  ["TLSRouteModeMixed", "as TLSRouteModeTerminate"],
  [
    "TLSRouteModeTerminate",
    "the edge passes connections on as they are, or takes requests out of them",
  ],
  ["TCPRoute", "the edge takes requests, not plain connections"],
  ["UDPRoute", "the edge takes requests, not datagrams"],
  ["BackendTLSPolicySANValidation", "the edge verifies DNS names, not URIs"],
  [
    "GatewayFrontendClientCertificateValidationInsecureFallback",
    "the edge refuses a certificate that does not verify, also where none is needed",
  ],
]);

export const servedFeatures: readonly string[] = allFeatures
  .map(({ name }) => name)
  .filter((name) => !missing.has(name))
  .toSorted();
