/**
 * Features of the Gateway API that the translation knows: what a GatewayClass publishes, and the
 * table in docs/gateway-api.md. Names are the conformance suite's (v1.6.3).
 */

export interface Feature {
  readonly name: string;
  /** Profile or kind it belongs to. */
  readonly area:
    | "Gateway"
    | "HTTPRoute"
    | "GRPCRoute"
    | "TLSRoute"
    | "TCPRoute"
    | "UDPRoute"
    | "Policy";
  /** What the data plane needs to be for it; `varnish` is served by either. */
  readonly servedBy: "varnish" | "edge";
}

function features(
  area: Feature["area"],
  servedBy: Feature["servedBy"],
  ...names: readonly string[]
): Feature[] {
  return names.map((name) => ({ name, area, servedBy }));
}

export const allFeatures: readonly Feature[] = [
  ...features(
    "Gateway",
    "varnish",
    "Gateway",
    "GatewayAddressEmpty",
    "GatewayHTTPListenerIsolation",
    "GatewayInfrastructure",
    "GatewayPort8080",
    "GatewayStaticAddresses",
    "ListenerSet",
    "ReferenceGrant",
  ),
  ...features(
    "Gateway",
    "edge",
    "GatewayBackendClientCertificate",
    "GatewayFrontendClientCertificateValidation",
    "GatewayFrontendClientCertificateValidationInsecureFallback",
    "GatewayHTTPSListenerDetectMisdirectedRequests",
  ),
  ...features(
    "HTTPRoute",
    "varnish",
    "HTTPRoute",
    "HTTPRoute303RedirectStatusCode",
    "HTTPRoute307RedirectStatusCode",
    "HTTPRoute308RedirectStatusCode",
    "HTTPRouteBackendRequestHeaderModification",
    "HTTPRouteBackendTimeout",
    "HTTPRouteCORS",
    "HTTPRouteDestinationPortMatching",
    "HTTPRouteHostRewrite",
    "HTTPRouteMethodMatching",
    "HTTPRouteNamedRouteRule",
    "HTTPRouteParentRefPort",
    "HTTPRoutePathRedirect",
    "HTTPRoutePathRewrite",
    "HTTPRoutePortRedirect",
    "HTTPRouteQueryParamMatching",
    "HTTPRouteResponseHeaderModification",
    "HTTPRouteSchemeRedirect",
  ),
  ...features(
    "HTTPRoute",
    "edge",
    "HTTPRouteBackendProtocolH2C",
    "HTTPRouteBackendProtocolWebSocket",
    "HTTPRouteRequestMirror",
    "HTTPRouteRequestMultipleMirrors",
    "HTTPRouteRequestPercentageMirror",
    "HTTPRouteRequestTimeout",
    "HTTPRouteRetry",
    "HTTPRouteRetryBackendTimeout",
    "HTTPRouteRetryConnectionError",
  ),
  ...features("GRPCRoute", "edge", "GRPCRoute", "GRPCRouteNamedRouteRule"),
  ...features("TLSRoute", "edge", "TLSRoute", "TLSRouteModeMixed", "TLSRouteModeTerminate"),
  ...features("TCPRoute", "edge", "TCPRoute"),
  ...features("UDPRoute", "edge", "UDPRoute"),
  ...features("Policy", "edge", "BackendTLSPolicy", "BackendTLSPolicySANValidation"),
];

/** Names, sorted, as a GatewayClass's status has them. */
export const supportedFeatures: readonly string[] = allFeatures.map(({ name }) => name).toSorted();
