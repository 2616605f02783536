/** Decoders of the small values that all kinds share, with the patterns of the API's own schema. */

import {
  defaulted,
  integer,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  required,
  text,
  textLike,
} from "./decode.js";
import type { Decoder, Fields } from "./decode.js";
import type {
  BackendReference,
  LabelRequirement,
  LabelSelector,
  ObjectMeta,
  ObjectReference,
  SecretReference,
  Typed,
} from "../objects.js";

const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(?:\\.${label})*`;

/** Name of most objects (RFC 1123 subdomain), and `SectionName`. */
export const objectName: Decoder<string> = textLike(
  new RegExp(`^${subdomain}$`),
  "a name of lower-case letters, digits, dashes and dots",
);
/** RFC 1123 label. */
export const namespaceName: Decoder<string> = textLike(
  new RegExp(`^${label}$`),
  "a name of lower-case letters, digits and dashes",
  63,
);
/** Gateway API `PreciseHostname`. */
export const preciseHostname: Decoder<string> = textLike(
  new RegExp(`^${subdomain}$`),
  "a lower-case host name",
);
/** Gateway API `Hostname`: exact or `*.suffix`. */
export const hostname: Decoder<string> = textLike(
  new RegExp(`^(?:\\*\\.)?${subdomain}$`),
  "a lower-case host name, exact or *.suffix",
);
/** Gateway API `Group`; empty is the core group. */
export const groupName: Decoder<string> = textLike(
  new RegExp(`^(?:${subdomain})?$`),
  "an API group",
);
/** Gateway API `Kind`. */
export const kindName: Decoder<string> = textLike(
  /^[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
  "a kind",
  63,
);
export const portNumber: Decoder<number> = integer(1, 65535);

/** Fields of a reference to a backend, for backendRefs and mirrors. */
export const backendReferenceFields: Fields<BackendReference> = {
  group: defaulted(groupName, ""),
  kind: defaulted(kindName, "Service"),
  name: required(objectName),
  namespace: optional(orEmpty(namespaceName)),
  port: optional(portNumber),
};

/** Gateway API `SecretObjectReference`. */
export const secretReference: Decoder<SecretReference> = object<SecretReference>({
  group: defaulted(groupName, ""),
  kind: defaulted(kindName, "Secret"),
  name: required(objectName),
  namespace: optional(orEmpty(namespaceName)),
});

/** Gateway API `ObjectReference`. */
export const objectReference: Decoder<ObjectReference> = object<ObjectReference>({
  group: required(groupName),
  kind: required(kindName),
  name: required(objectName),
  namespace: optional(orEmpty(namespaceName)),
});

/** Lets empty text through as absent would be: the API treats both alike in optional fields. */
export function orEmpty(decoder: Decoder<string>): Decoder<string> {
  return (value, at) => (value === "" ? "" : decoder(value, at));
}

const selectorRequirement = object<LabelRequirement>({
  key: required(text),
  operator: required(oneOf("In", "NotIn", "Exists", "DoesNotExist")),
  values: defaulted(listOf(text), []),
});

export const labelSelector: Decoder<LabelSelector> = object<LabelSelector>({
  matchLabels: defaulted(mapOf(text), new Map()),
  matchExpressions: defaulted(listOf(selectorRequirement), []),
});

const time = textLike(
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
  "a time such as 2026-01-01T00:00:00Z",
  64,
);

/** Where objects of a kind live. */
export type Scope = "Namespaced" | "Cluster";

/** The one annotation that is read: which Gateway API a CustomResourceDefinition belongs to. */
export const bundleVersionAnnotation = "gateway.networking.k8s.io/bundle-version";

// Others may hold anything, line ends included.
const bundleVersion: Decoder<ReadonlyMap<string, string>> = (value) => {
  const written =
    typeof value === "object" && value !== null
      ? Object.getOwnPropertyDescriptor(value, bundleVersionAnnotation)?.value
      : undefined;
  return new Map(typeof written === "string" ? [[bundleVersionAnnotation, written]] : []);
};

const metadataFields = {
  name: required(objectName),
  uid: optional(text),
  generation: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  resourceVersion: optional(text),
  creationTimestamp: optional(time),
  // Values of labels are only compared; keys and values that the API server would refuse match
  // nothing.
  labels: defaulted(mapOf(text), new Map<string, string>()),
  annotations: defaulted(bundleVersion, new Map<string, string>()),
};

/** Metadata; without a namespace an object lives in `default`, as with kubectl. */
export const metadata: Record<Scope, Decoder<ObjectMeta>> = {
  Namespaced: object<ObjectMeta>(
    { ...metadataFields, namespace: defaulted(orEmpty(namespaceName), "default") },
    { others: "ignored" },
  ),
  Cluster: object<ObjectMeta>(
    { ...metadataFields, namespace: { decoder: () => "", absent: "defaulted", fallback: "" } },
    { others: "ignored" },
  ),
};

/** A Gateway API kind, without its metadata: fields nobody knows are refused. */
export function specOf<Spec extends object>(
  spec: Decoder<Spec>,
): Decoder<Pick<Typed<Spec>, "spec">> {
  return object<{ spec: Spec }>(
    { spec: required(spec) },
    { unread: ["apiVersion", "kind", "metadata", "status"] },
  );
}
