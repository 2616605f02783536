/** Decoders of GatewayClass, Gateway, ListenerSet, Listener and ReferenceGrant. */

import type {
  AllowedListeners,
  AllowedRoutes,
  FrontendTls,
  FrontendValidation,
  GatewayAddress,
  GatewayClassSpec,
  GatewaySpec,
  GatewayTls,
  Infrastructure,
  Listener,
  ListenerNamespaces,
  ListenerSetSpec,
  ListenerTls,
  ObjectReference,
  ParametersReference,
  ReferenceGrantSpec,
  RouteGroupKind,
  RouteNamespaces,
} from "../objects.js";
import { gatewayGroup } from "../objects.js";
import {
  anything,
  defaulted,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  report,
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
  objectReference,
  orEmpty,
  portNumber,
  secretReference,
} from "./values.js";

const parametersReference = object<ParametersReference>({
  group: required(groupName),
  kind: required(kindName),
  name: required(objectName),
  namespace: optional(orEmpty(namespaceName)),
});

export const gatewayClassSpec: Decoder<GatewayClassSpec> = object<GatewayClassSpec>(
  { controllerName: required(text), parametersRef: optional(parametersReference) },
  { unread: ["description"] },
);

const gatewayAddress = object<GatewayAddress>({
  type: defaulted(text, "IPAddress"),
  value: optional(text),
});

const infrastructure = object<Infrastructure>({
  labels: defaulted(mapOf(text), new Map()),
  annotations: defaulted(mapOf(text), new Map()),
  parametersRef: optional(parametersReference),
});

const noListeners: AllowedListeners = { namespaces: { from: "None" } };

const allowedListeners = object<AllowedListeners>({
  namespaces: defaulted(
    object<ListenerNamespaces>({
      from: defaulted(oneOf("All", "Selector", "Same", "None"), "None"),
      selector: optional(labelSelector),
    }),
    noListeners.namespaces,
  ),
});

const frontendValidation = object<FrontendValidation>({
  caCertificateRefs: required(listOf(objectReference, 16)),
  mode: defaulted(oneOf("AllowValidOnly", "AllowInsecureFallback"), "AllowValidOnly"),
});

const validationHolder = object<FrontendTls["default"]>({
  validation: optional(frontendValidation),
});

const gatewayTls = object<GatewayTls>({
  backend: optional(
    object<NonNullable<GatewayTls["backend"]>>({
      clientCertificateRef: optional(secretReference),
    }),
  ),
  frontend: optional(
    object<FrontendTls>({
      default: required(validationHolder),
      perPort: defaulted(
        listOf(
          object<FrontendTls["perPort"][number]>({
            port: required(portNumber),
            tls: required(validationHolder),
          }),
          64,
        ),
        [],
      ),
    }),
  ),
});

// A Gateway that takes routes without being named (GEP-3793) would change what those routes mean.
const noDefaultScope: Decoder<"None"> = (value, at) =>
  value === "None" ? value : report(at, "unsupportedField", "Default Gateways are not supported.");

interface WrittenGateway extends GatewaySpec {
  readonly defaultScope?: "None";
}

export const gatewaySpec: Decoder<GatewaySpec> = object<WrittenGateway>({
  gatewayClassName: required(objectName),
  listeners: defaulted(listOf(anything, 64), []),
  addresses: defaulted(listOf(gatewayAddress, 16), []),
  infrastructure: optional(infrastructure),
  allowedListeners: defaulted(allowedListeners, noListeners),
  tls: optional(gatewayTls),
  defaultScope: optional(noDefaultScope),
});

const parentGateway = object<ObjectReference>({
  group: defaulted(groupName, gatewayGroup),
  kind: defaulted(kindName, "Gateway"),
  name: required(objectName),
  namespace: optional(orEmpty(namespaceName)),
});

/** The parent alone: a ListenerSet that is malformed elsewhere is still told so. */
export const listenerSetParent: Decoder<{ readonly parentRef: ObjectReference }> = object<{
  parentRef: ObjectReference;
}>({ parentRef: required(parentGateway) }, { others: "ignored" });

export const listenerSetSpec: Decoder<ListenerSetSpec> = object<ListenerSetSpec>({
  parentRef: required(parentGateway),
  listeners: defaulted(listOf(anything, 64), []),
});

const listenerTls = object<ListenerTls>(
  {
    mode: optional(oneOf("Terminate", "Passthrough")),
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
