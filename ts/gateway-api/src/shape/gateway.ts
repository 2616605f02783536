/** Decoders of GatewayClass, Gateway, Listener and ReferenceGrant. */

import type {
  AllowedRoutes,
  GatewayClassSpec,
  GatewaySpec,
  Listener,
  ListenerTls,
  ReferenceGrantSpec,
  RouteGroupKind,
  RouteNamespaces,
  SecretReference,
} from "../objects.js";
import { gatewayGroup } from "../objects.js";
import {
  anything,
  defaulted,
  listOf,
  object,
  oneOf,
  optional,
  required,
  text,
  textLike,
} from "./decode.js";
import type { Decoder } from "./decode.js";
import {
  groupName,
  hostname,
  kindName,
  labelSelector,
  namespaceName,
  objectName,
  orEmpty,
  portNumber,
} from "./values.js";

export const gatewayClassSpec: Decoder<GatewayClassSpec> = object<GatewayClassSpec>(
  { controllerName: required(text) },
  { unread: ["parametersRef", "description"] },
);

/**
 * Addresses and infrastructure are the operator's business, allowedListeners and defaultScope open
 * the Gateway to objects that are not read yet. `tls` would have to be obeyed (client
 * certificates), so it is refused rather than ignored.
 */
export const gatewaySpec: Decoder<GatewaySpec> = object<GatewaySpec>(
  { gatewayClassName: required(objectName), listeners: defaulted(listOf(anything, 64), []) },
  {
    unread: ["addresses", "infrastructure", "allowedListeners", "defaultScope"],
    unsupported: ["tls"],
  },
);

const secretReference = object<SecretReference>({
  group: defaulted(groupName, ""),
  kind: defaulted(kindName, "Secret"),
  name: required(objectName),
  namespace: optional(orEmpty(namespaceName)),
});

const listenerTls = object<ListenerTls>(
  {
    mode: defaulted(oneOf("Terminate", "Passthrough"), "Terminate"),
    certificateRefs: defaulted(listOf(secretReference, 64), []),
  },
  // Options are for implementations to define; Ghost defines none.
  { unread: ["options"] },
);

const routeNamespaces = object<RouteNamespaces>({
  from: defaulted(oneOf("All", "Selector", "Same"), "Same"),
  selector: optional(labelSelector),
});

const routeGroupKind = object<RouteGroupKind>({
  group: defaulted(groupName, gatewayGroup),
  kind: required(kindName),
});

const allowedRoutes = object<AllowedRoutes>({
  namespaces: defaulted(routeNamespaces, { from: "Same" }),
  kinds: optional(listOf(routeGroupKind, 8)),
});

/** Gateway API `ProtocolType`: a word, or a vendor's `domain/word`. */
const protocolName = textLike(
  /^[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?:\/[A-Za-z0-9]+)?$/,
  "a protocol",
  255,
);

export const listener: Decoder<Listener> = object<Listener>({
  name: required(objectName),
  hostname: optional(orEmpty(hostname)),
  port: required(portNumber),
  protocol: required(protocolName),
  tls: optional(listenerTls),
  allowedRoutes: defaulted(allowedRoutes, { namespaces: { from: "Same" } }),
});

export const referenceGrantSpec: Decoder<ReferenceGrantSpec> = object<ReferenceGrantSpec>({
  from: required(
    listOf(
      object<ReferenceGrantSpec["from"][number]>({
        group: required(groupName),
        kind: required(kindName),
        namespace: required(namespaceName),
      }),
      16,
    ),
  ),
  to: required(
    listOf(
      object<ReferenceGrantSpec["to"][number]>({
        group: required(groupName),
        kind: required(kindName),
        name: optional(orEmpty(objectName)),
      }),
      16,
    ),
  ),
});
