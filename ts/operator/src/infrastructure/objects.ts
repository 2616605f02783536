/** Everything that is made for one Gateway, in the order it is made. Pure. */

import type { Infrastructure } from "@ghost-gateway/gateway-api";
import { apiVersionOf, resources } from "@ghost-gateway/kubernetes";
import type { KubernetesObject, OwnerReference, ResourceName } from "@ghost-gateway/kubernetes";
import type { GatewayClassParametersSpec } from "../parameters/schema.js";
import { childName, gatewayLabels, selectorLabels } from "./names.js";
import type { GatewayIdentity } from "./names.js";
import { podSpec } from "./pod.js";
import type { DataPlaneSettings } from "./settings.js";

/** An object, and the resource it belongs to. */
export interface OwnedObject {
  readonly resource: ResourceName;
  readonly object: KubernetesObject & Readonly<Record<string, unknown>>;
}

export interface Wanted {
  readonly gateway: GatewayIdentity;
  readonly infrastructure: Infrastructure;
  readonly parameters: GatewayClassParametersSpec;
  readonly settings: DataPlaneSettings;
  /** Certificates and keys for its Pods, base64 by file name. */
  readonly secretData: Readonly<Record<string, string>>;
}

/** With the Gateway all of it goes, by its owner reference. */
export function ownerOf({ name, uid }: GatewayIdentity): OwnerReference {
  return {
    apiVersion: apiVersionOf(resources.gateways),
    kind: "Gateway",
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function objectsOf(wanted: Wanted): readonly OwnedObject[] {
  const { podDisruptionBudget } = wanted.parameters;
  // A Service has ports. While a Gateway has none that can be served, the one that is there stays.
  const hasPorts = wanted.infrastructure.ports.length > 0;
  return [
    { resource: "serviceAccounts", object: { metadata: metadataOf(wanted) } },
    { resource: "roles", object: role(wanted) },
    { resource: "roleBindings", object: roleBinding(wanted) },
    ...(hasPorts ? [{ resource: "services" as const, object: service(wanted) }] : []),
    { resource: "deployments", object: deployment(wanted) },
    ...(podDisruptionBudget === undefined
      ? []
      : [{ resource: "podDisruptionBudgets" as const, object: disruptionBudget(wanted) }]),
  ];
}

/**
 * Certificates for the Pods. They are copied, for a Pod may read nothing beyond its namespace, and of that only this: what a
 * ReferenceGrant allows its Gateway ends with the grant.
 */
export function secretOf(wanted: Wanted): OwnedObject {
  const object = { metadata: metadataOf(wanted), type: "Opaque", data: wanted.secretData };
  return { resource: "secrets", object };
}

function metadataOf({ gateway, infrastructure }: Wanted): KubernetesObject["metadata"] {
  return {
    namespace: gateway.namespace,
    name: childName(gateway),
    // A Gateway's own labels may not take ours away.
    labels: { ...infrastructure.labels, ...gatewayLabels(gateway) },
    annotations: infrastructure.annotations,
    ownerReferences: [ownerOf(gateway)],
  };
}

/** What a Pod may: read the documents and the Secret made for its Gateway, and say on itself what it serves. */
function role(wanted: Wanted): OwnedObject["object"] {
  const secrets = { apiGroups: [""], resources: ["secrets"], verbs: ["get"] };
  return {
    metadata: metadataOf(wanted),
    rules: [
      { ...secrets, resourceNames: [childName(wanted.gateway)] },
      { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["patch"] },
    ],
  };
}

function roleBinding(wanted: Wanted): OwnedObject["object"] {
  const name = childName(wanted.gateway);
  return {
    metadata: metadataOf(wanted),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: wanted.gateway.namespace }],
  };
}

function service(wanted: Wanted): OwnedObject["object"] {
  const { gateway, infrastructure, parameters } = wanted;
  const { type = "LoadBalancer", labels, annotations, ...rest } = parameters.service ?? {};
  const metadata = metadataOf(wanted);
  return {
    metadata: {
      ...metadata,
      labels: { ...labels, ...metadata.labels },
      annotations: { ...annotations, ...metadata.annotations },
    },
    spec: {
      type,
      ...rest,
      ...loadBalancerAddress(infrastructure),
      selector: selectorLabels(gateway),
      ports: infrastructure.ports.map(({ port, transport }) => ({
        name: `${transport.toLowerCase()}-${port}`,
        port,
        targetPort: port,
        protocol: transport,
      })),
    },
  };
}

/** Gateway API, GatewaySpec.addresses. A Service asks for one. */
function loadBalancerAddress({ addresses }: Infrastructure): object {
  const address = addresses.find((value) => value !== "");
  return address === undefined ? {} : { loadBalancerIP: address };
}

function deployment(wanted: Wanted): OwnedObject["object"] {
  const { gateway, infrastructure, parameters, settings } = wanted;
  const { labels, annotations } = metadataOf(wanted);
  return {
    metadata: metadataOf(wanted),
    spec: {
      // Absent: the number is somebody else's, such as a HorizontalPodAutoscaler's.
      ...(parameters.replicas === undefined ? {} : { replicas: parameters.replicas }),
      selector: { matchLabels: selectorLabels(gateway) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels, annotations },
        spec: podSpec(gateway, infrastructure, parameters, settings),
      },
    },
  };
}

function disruptionBudget(wanted: Wanted): OwnedObject["object"] {
  return {
    metadata: metadataOf(wanted),
    spec: {
      ...wanted.parameters.podDisruptionBudget,
      selector: { matchLabels: selectorLabels(wanted.gateway) },
    },
  };
}
