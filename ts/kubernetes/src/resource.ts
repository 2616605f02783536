/** Resources and their paths on the API server. */

/** What the API serves under one plural name. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower case: `httproutes`. */
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
}

export interface ObjectPath {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: "status" | "scale" | "log" | undefined;
}

/**
 * The path of a resource's collection, or of one object. Names come from objects, so each is one segment whatever it
 * holds: `..` and `/` cannot lead elsewhere. Throws a RangeError for an empty name, which would name the collection.
 */
export function pathOf(
  resource: Resource,
  { namespace, name, subresource }: ObjectPath = {},
): string {
  const root = resource.group === "" ? "/api" : `/apis/${resource.group}`;
  const parts = [root, resource.version];
  if (namespace !== undefined) parts.push("namespaces", segment(namespace));
  parts.push(resource.plural);
  if (name !== undefined) parts.push(segment(name));
  if (subresource !== undefined) parts.push(subresource);
  return parts.join("/");
}

export function apiVersionOf({ group, version }: Resource): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Dots alone would be resolved as path segments by whoever reads the path (RFC 3986, section 5.2.4). */
function segment(name: string): string {
  if (name === "" || name === "." || name === "..")
    throw new RangeError(`${JSON.stringify(name)} names no Kubernetes object`);
  return encodeURIComponent(name);
}

function resource(
  group: string,
  version: string,
  plural: string,
  kind: string,
  isNamespaced = true,
): Resource {
  return { group, version, plural, kind, isNamespaced };
}

const gateway = "gateway.networking.k8s.io";

/** The resources Ghost reads or writes. */
export type ResourceName =
  | "namespaces"
  | "services"
  | "secrets"
  | "configMaps"
  | "serviceAccounts"
  | "pods"
  | "endpointSlices"
  | "deployments"
  | "podDisruptionBudgets"
  | "clusterRoles"
  | "clusterRoleBindings"
  | "roles"
  | "roleBindings"
  | "leases"
  | "events"
  | "customResourceDefinitions"
  | "gatewayClasses"
  | "gateways"
  | "listenerSets"
  | "httpRoutes"
  | "grpcRoutes"
  | "tlsRoutes"
  | "tcpRoutes"
  | "udpRoutes"
  | "referenceGrants"
  | "backendTlsPolicies"
  | "gatewayClassParameters";

export const resources: Readonly<Record<ResourceName, Resource>> = {
  namespaces: resource("", "v1", "namespaces", "Namespace", false),
  services: resource("", "v1", "services", "Service"),
  secrets: resource("", "v1", "secrets", "Secret"),
  configMaps: resource("", "v1", "configmaps", "ConfigMap"),
  serviceAccounts: resource("", "v1", "serviceaccounts", "ServiceAccount"),
  pods: resource("", "v1", "pods", "Pod"),
  endpointSlices: resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
  deployments: resource("apps", "v1", "deployments", "Deployment"),
  podDisruptionBudgets: resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
  clusterRoles: resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
  clusterRoleBindings: resource(
    "rbac.authorization.k8s.io",
    "v1",
    "clusterrolebindings",
    "ClusterRoleBinding",
    false,
  ),
  roles: resource("rbac.authorization.k8s.io", "v1", "roles", "Role"),
  roleBindings: resource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
  leases: resource("coordination.k8s.io", "v1", "leases", "Lease"),
  events: resource("events.k8s.io", "v1", "events", "Event"),
  customResourceDefinitions: resource(
    "apiextensions.k8s.io",
    "v1",
    "customresourcedefinitions",
    "CustomResourceDefinition",
    false,
  ),
  gatewayClasses: resource(gateway, "v1", "gatewayclasses", "GatewayClass", false),
  gateways: resource(gateway, "v1", "gateways", "Gateway"),
  listenerSets: resource(gateway, "v1", "listenersets", "ListenerSet"),
  httpRoutes: resource(gateway, "v1", "httproutes", "HTTPRoute"),
  grpcRoutes: resource(gateway, "v1", "grpcroutes", "GRPCRoute"),
  tlsRoutes: resource(gateway, "v1", "tlsroutes", "TLSRoute"),
  tcpRoutes: resource(gateway, "v1", "tcproutes", "TCPRoute"),
  udpRoutes: resource(gateway, "v1", "udproutes", "UDPRoute"),
  referenceGrants: resource(gateway, "v1", "referencegrants", "ReferenceGrant"),
  backendTlsPolicies: resource(gateway, "v1", "backendtlspolicies", "BackendTLSPolicy"),
  gatewayClassParameters: resource(
    "ghost-gateway.io",
    "v1alpha1",
    "gatewayclassparameters",
    "GatewayClassParameters",
  ),
};
