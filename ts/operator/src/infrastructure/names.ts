/** Names and labels of what is made for a Gateway. Pure. */

import { createHash } from "node:crypto";

/** The Gateway that something is made for. */
export interface GatewayIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Gateway API, "Gateway infrastructure labels": who looks for a Gateway's Pods and Services looks for this one. */
export const gatewayNameLabel = "gateway.networking.k8s.io/gateway-name";
/** Gateways share names; UIDs they do not. */
export const gatewayUidLabel = "ghost-gateway.io/gateway-uid";
export const managedByLabel = "app.kubernetes.io/managed-by";
export const managedBy = "ghost-operator";
/** On a Pod: the generation of the documents it serves. */
export const acknowledgedAnnotation = "ghost-gateway.io/acknowledged-generation";

/** Of a label's value, and of a Service's name (RFC 1035). */
const longest = 63;
/** The longest suffix a controller adds to a Deployment's name in its Pods: `-` and ten, `-` and five. */
const podSuffix = 17;

/** Name of everything made for a Gateway in its namespace, and at most as long as a Pod's may be. */
export function childName({ name }: Pick<GatewayIdentity, "name">): string {
  return shortened(`${name}-ghost`, longest - podSuffix);
}

/** For things that live in no namespace. */
export function clusterChildName({ namespace, name, uid }: GatewayIdentity): string {
  return `ghost-${shortened(`${namespace}-${name}`, 200)}-${uid.slice(0, 8)}`;
}

export function gatewayLabels({ name, uid }: GatewayIdentity): Readonly<Record<string, string>> {
  return {
    [gatewayNameLabel]: shortened(name, longest),
    [gatewayUidLabel]: uid,
    [managedByLabel]: managedBy,
  };
}

/** By these alone Pods are chosen: they never change while the Gateway lives, which a selector may not. */
export function selectorLabels({ uid }: GatewayIdentity): Readonly<Record<string, string>> {
  return { [gatewayUidLabel]: uid };
}

/** A name that is too long ends in a hash of the whole, so that two such names stay two. Dots have no place in a Service's. */
function shortened(name: string, limit: number): string {
  const plain = name.replaceAll(".", "-");
  if (plain.length <= limit && plain === name) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${plain.slice(0, limit - 9).replace(/-+$/, "")}-${hash}`;
}
