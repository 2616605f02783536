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
import type { Decoder } from "./decode.js";
import type { LabelRequirement, LabelSelector, ObjectMeta, Typed } from "../objects.js";

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

const metadataFields = {
  name: required(objectName),
  generation: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  resourceVersion: optional(text),
  creationTimestamp: optional(time),
  // Values of labels are only compared; keys and values that the API server would refuse match
  // nothing.
  labels: defaulted(mapOf(text), new Map<string, string>()),
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
