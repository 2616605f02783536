/**
 * Everything this package can find: one table for the checks, the error pages and the tests.
 *
 * Codes are stable and never reused. GH20xx: reading. GH21xx: Gateways and listeners. GH22xx:
 * attachment of routes. GH23xx: rules, backends and endpoints. GH24xx: what was asked of the
 * translation.
 */

import { compareText, renderPath } from "./source.js";
import type { LocatedObject, Path } from "./source.js";

export type Severity = "error" | "warning" | "info";

/** What a code means, for every finding that carries it. */
export interface CodeDescription {
  readonly code: string;
  readonly severity: Severity;
  /** What it is, in a few words. */
  readonly title: string;
  /** What to do about it. */
  readonly help: string;
}

/** One finding, in the shape every Ghost program prints. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** The file as the caller named it; empty when the object came from no file. */
  readonly file: string;
  /** From 1; 0 when there is no file. */
  readonly line: number;
  /** From 1, in Unicode characters; 0 when there is no file. */
  readonly column: number;
  /** Path inside the object, such as `spec.rules[0].name`; empty for the object itself. */
  readonly path: string;
  readonly message: string;
  readonly help: string;
  /** `Kind/namespace/name`; null when it is not known yet. */
  readonly object: string | null;
}

/** All codes by the name the checks use. */
export const diagnosticCodes = {
  invalidYaml: {
    code: "GH2001",
    severity: "error",
    title: "A document is not valid YAML",
    help: "Correct the syntax at the place shown. The other documents of the file are read.",
  },
  tooLarge: {
    code: "GH2002",
    severity: "error",
    title: "A document is nested too deeply or repeats its anchors too often",
    help: "Write the values out, or split the document; manifests need neither deep nesting nor many aliases.",
  },
  duplicateKey: {
    code: "GH2003",
    severity: "error",
    title: "A key is written twice",
    help: "Keep one of the two; readers disagree about which one counts.",
  },
  notAnObject: {
    code: "GH2004",
    severity: "error",
    title: "A document is not a Kubernetes object",
    help: "Write apiVersion and kind, as every manifest has them.",
  },
  controlCharacter: {
    code: "GH2005",
    severity: "error",
    title: "A value holds a control character",
    help: "Remove it. Ghost refuses control characters, so that no value can end a header line or a log line.",
  },
  ignoredKind: {
    code: "GH2006",
    severity: "info",
    title: "An object has no part in routing",
    help: "Nothing to do: the translation does not read this kind.",
  },
  unsupportedKind: {
    code: "GH2007",
    severity: "warning",
    title: "A Gateway API kind or version is not supported yet",
    help: "Use a kind and version that Ghost reads; until then the object has no effect.",
  },
  invalidMetadata: {
    code: "GH2008",
    severity: "error",
    title: "An object's metadata is not valid",
    help: "Give the object a name, and values that the API server would accept.",
  },
  duplicateObject: {
    code: "GH2009",
    severity: "error",
    title: "An object is written twice",
    help: "Remove one of the two; only the first one, by file name and line, counts.",
  },
  wrongType: {
    code: "GH2010",
    severity: "error",
    title: "A value has the wrong type",
    help: "Write a value of the type shown; quote text that YAML would read as a number or a boolean.",
  },
  missingField: {
    code: "GH2011",
    severity: "error",
    title: "A required field is missing",
    help: "Add the field.",
  },
  unknownField: {
    code: "GH2012",
    severity: "error",
    title: "A field is not known here",
    help: "Correct its spelling or remove it; an ignored field would change what the object means.",
  },
  unsupportedValue: {
    code: "GH2013",
    severity: "error",
    title: "A value is not one of those allowed",
    help: "Use one of the values or the form that the message names.",
  },
  unsupportedField: {
    code: "GH2014",
    severity: "error",
    title: "A field is not supported yet",
    help: "Remove the field; Ghost refuses what it cannot do instead of ignoring it.",
  },
  hostnameConflict: {
    code: "GH2101",
    severity: "error",
    title: "Listeners of a Gateway share port and host name",
    help: "Change port or hostname. In one Gateway none of the listeners in conflict serves; of several ListenerSets the later loses.",
  },
  protocolConflict: {
    code: "GH2102",
    severity: "error",
    title: "Listeners of a Gateway want protocols on one port that cannot share it",
    help: "Change a port. In one Gateway none of the listeners in conflict serves; of several ListenerSets the later loses.",
  },
  unsupportedProtocol: {
    code: "GH2103",
    severity: "error",
    title: "A listener's protocol is not supported",
    help: "Use protocol HTTP, HTTPS, TLS, TCP or UDP.",
  },
  invalidRouteKinds: {
    code: "GH2104",
    severity: "error",
    title: "A listener allows a route kind that its protocol cannot carry",
    help: "Remove the kind from allowedRoutes.kinds; the valid ones among them keep working.",
  },
  duplicateListener: {
    code: "GH2105",
    severity: "error",
    title: "Two listeners of a Gateway have the same name",
    help: "Rename one of them; none of the listeners with that name serves.",
  },
  invalidCertificate: {
    code: "GH2106",
    severity: "error",
    title: "A listener's TLS settings cannot be used",
    help: "Terminate TLS with certificateRefs that name Secrets of PEM certificate and key, or pass it through with protocol TLS.",
  },
  certificateNotPermitted: {
    code: "GH2107",
    severity: "error",
    title: "A certificate lies in another namespace without a grant",
    help: "Add a ReferenceGrant from Gateway to Secret in the Secret's namespace, or move the Secret.",
  },
  unknownNamespace: {
    code: "GH2108",
    severity: "info",
    title: "A listener selects namespaces by labels that are not known",
    help: "Add the Namespace object; without it only the label kubernetes.io/metadata.name is known.",
  },
  invalidAuthority: {
    code: "GH2109",
    severity: "error",
    title: "Authorities for checking certificates cannot be used",
    help: "Name ConfigMaps that hold PEM certificates under ca.crt. Without one that is good nothing is trusted.",
  },
  invalidParameters: {
    code: "GH2110",
    severity: "error",
    title: "Parameters of a GatewayClass or Gateway cannot be used",
    help: "Refer to a GatewayClassParameters of ghost-gateway.io from the GatewayClass; a Gateway has no parameters of its own.",
  },
  unsupportedAddress: {
    code: "GH2111",
    severity: "error",
    title: "A Gateway asks for an address it cannot have",
    help: "Ask for addresses of type IPAddress, with an address or none.",
  },
  listenersNotAllowed: {
    code: "GH2112",
    severity: "error",
    title: "A ListenerSet may not join its Gateway",
    help: "Let allowedListeners of the Gateway admit the ListenerSet's namespace; the default is none.",
  },
  noValidListener: {
    code: "GH2113",
    severity: "error",
    title: "No listener of a ListenerSet can serve",
    help: "Correct its listeners; each says itself what is wrong with it.",
  },
  noMatchingParent: {
    code: "GH2201",
    severity: "error",
    title: "A parentRef names a listener that its Gateway does not have",
    help: "Correct sectionName or port, or leave them out to attach to all listeners.",
  },
  notAllowed: {
    code: "GH2202",
    severity: "error",
    title: "No listener allows the route",
    help: "Let allowedRoutes of the listener admit the route's namespace and kind; the default is the Gateway's own namespace.",
  },
  noMatchingHostname: {
    code: "GH2203",
    severity: "error",
    title: "The route's hosts lie outside its listeners'",
    help: "Change the route's hostnames or the listener's hostname so that they have one in common.",
  },
  unknownParent: {
    code: "GH2204",
    severity: "warning",
    title: "A parentRef names a parent that is not among the objects",
    help: "Add the Gateway or ListenerSet, or correct name and namespace; the route is not attached to it.",
  },
  noParents: {
    code: "GH2205",
    severity: "warning",
    title: "A route names no Gateway",
    help: "Add parentRefs; without them the route serves nothing.",
  },
  unusedHostname: {
    code: "GH2206",
    severity: "warning",
    title: "A host of the route lies outside its listeners'",
    help: "Remove the hostname or widen the listener's; as it is no request can reach it.",
  },
  routeConflict: {
    code: "GH2207",
    severity: "error",
    title: "An HTTPRoute and a GRPCRoute want the same hosts of a listener",
    help: "Give the two different hostnames; where they meet only the older one counts.",
  },
  streamConflict: {
    code: "GH2208",
    severity: "warning",
    title: "An older route already has the listener's connections",
    help: "Attach one TCPRoute or UDPRoute to a listener; of several only the oldest gets traffic.",
  },
  backendNotFound: {
    code: "GH2301",
    severity: "error",
    title: "A backend's Service or port does not exist",
    help: "Add the Service or correct name and port. Until then its share of requests is answered 500.",
  },
  invalidBackendKind: {
    code: "GH2302",
    severity: "error",
    title: "A reference names a kind that Ghost does not follow",
    help: "Refer to a Service, not of type ExternalName; filter extensions are not supported yet. Until then: 500.",
  },
  backendNotPermitted: {
    code: "GH2303",
    severity: "error",
    title: "A backend lies in another namespace without a grant",
    help: "Add a ReferenceGrant in the Service's namespace. Until then its share of requests is answered 500.",
  },
  unsupportedBackendProtocol: {
    code: "GH2304",
    severity: "error",
    title: "A Service port speaks a protocol that Ghost cannot",
    help: "Use a TCP port with appProtocol http, https, kubernetes.io/h2c or kubernetes.io/ws. Until then: 500.",
  },
  noBackends: {
    code: "GH2305",
    severity: "warning",
    title: "A rule has no backends and no redirect",
    help: "Add backendRefs or a RequestRedirect; as it is the rule answers 500.",
  },
  unknownFilter: {
    code: "GH2306",
    severity: "error",
    title: "A filter is not known",
    help: "Remove it or use a filter that Ghost has. Until then the rule answers 500, it is never skipped.",
  },
  incompatibleFilters: {
    code: "GH2307",
    severity: "error",
    title: "Filters of a rule cannot stand together",
    help: "Use each kind of filter once (RequestMirror may repeat) and no redirect beside a rewrite or backends.",
  },
  prefixReplacement: {
    code: "GH2308",
    severity: "error",
    title: "ReplacePrefixMatch needs path prefixes",
    help: "Let every match of the rule be a PathPrefix, or use ReplaceFullPath.",
  },
  namedEndpoints: {
    code: "GH2309",
    severity: "warning",
    title: "An EndpointSlice holds names instead of addresses",
    help: "Use addressType IPv4 or IPv6; Ghost does not resolve the names of FQDN slices.",
  },
  invalidEndpoint: {
    code: "GH2310",
    severity: "error",
    title: "An endpoint is not valid",
    help: "Write one IP address of the slice's family. The endpoint is left out, the others serve.",
  },
  invalidPolicy: {
    code: "GH2311",
    severity: "error",
    title: "A BackendTLSPolicy cannot be obeyed",
    help: "Correct it. Until then requests for its Services are answered 500; they are never sent without TLS.",
  },
  policyConflict: {
    code: "GH2312",
    severity: "warning",
    title: "An older BackendTLSPolicy has the same target",
    help: "Remove one of the two, or let one name a port with sectionName.",
  },
  unknownGateway: {
    code: "GH2401",
    severity: "error",
    title: "The Gateway asked for does not exist",
    help: "Name one of the Gateways read, as namespace/name.",
  },
  foreignGateway: {
    code: "GH2402",
    severity: "info",
    title: "A Gateway belongs to another controller",
    help: "Nothing to do, unless its GatewayClass should name this controller.",
  },
} as const;

/** Name of a code in the table. */
export type CodeName = keyof typeof diagnosticCodes;

/** A finding before its object and place are joined to it. */
export interface Finding {
  readonly code: CodeName;
  readonly path: Path;
  readonly message: string;
}

/** Joins a finding with the object it is about. */
export function diagnose(
  source: LocatedObject,
  identity: string | null,
  finding: Finding,
): Diagnostic {
  const position = source.origin?.locate(finding.path);
  return place(
    finding,
    { file: source.origin?.file ?? "", line: position?.line ?? 0, column: position?.column ?? 0 },
    identity,
  );
}

/** Joins a finding with a place. */
export function place(
  finding: Finding,
  at: { readonly file: string; readonly line: number; readonly column: number },
  identity: string | null,
): Diagnostic {
  const { code, severity, help } = diagnosticCodes[finding.code];
  const { file, line, column } = at;
  return {
    code,
    severity,
    file,
    line,
    column,
    path: renderPath(finding.path),
    message: finding.message,
    help,
    object: identity,
  };
}

/** Orders diagnostics by place, then by what they say: the same input always reads the same. */
export function compareDiagnostics(left: Diagnostic, right: Diagnostic): number {
  return (
    compareText(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column ||
    compareText(left.code, right.code) ||
    compareText(left.object ?? "", right.object ?? "") ||
    compareText(left.path, right.path) ||
    compareText(left.message, right.message)
  );
}
