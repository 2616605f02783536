/** Decoders of BackendTLSPolicy, Secret and ConfigMap: what TLS is judged by. */

import type {
  BackendTLSPolicySpec,
  BackendTlsValidation,
  DataSpec,
  ObjectReference,
  PolicyTarget,
  SubjectAltName,
} from "../objects.js";
import { defaulted, listOf, object, oneOf, optional, report, required, text } from "./decode.js";
import type { Decoder } from "./decode.js";
import { groupName, hostname, kindName, objectName, preciseHostname } from "./values.js";

const policyTarget = object<PolicyTarget>({
  group: required(groupName),
  kind: required(kindName),
  name: required(objectName),
  sectionName: optional(objectName),
});

const localReference = object<ObjectReference>({
  group: required(groupName),
  kind: required(kindName),
  name: required(objectName),
  namespace: {
    decoder: (_value, at) =>
      report(
        at,
        "unknownField",
        "A ConfigMap of the policy's own namespace is meant; it has no namespace.",
      ),
    absent: "left out",
  },
});

const subjectAltType = object<{ type: SubjectAltName["type"] }>(
  { type: required(oneOf("Hostname", "URI")) },
  { others: "ignored" },
);
const subjectAltHost = object<Extract<SubjectAltName, { type: "Hostname" }>>({
  type: required(oneOf("Hostname")),
  hostname: required(hostname),
});
const subjectAltUri = object<Extract<SubjectAltName, { type: "URI" }>>({
  type: required(oneOf("URI")),
  uri: required(text),
});

const subjectAltName: Decoder<SubjectAltName> = (value, at) => {
  const type = subjectAltType(value, at)?.type;
  if (type === undefined) return undefined;
  return type === "URI" ? subjectAltUri(value, at) : subjectAltHost(value, at);
};

const validation = object<BackendTlsValidation>({
  hostname: required(preciseHostname),
  caCertificateRefs: defaulted(listOf(localReference, 8), []),
  wellKnownCACertificates: optional(text),
  subjectAltNames: defaulted(listOf(subjectAltName, 5), []),
});

// Options are for implementations to define. Ghost defines none, and one that is not known might
// have been meant to make a connection safer.
const noOptions: Decoder<object> = (value, at) =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0
    ? value
    : report(at, "unsupportedField", "Ghost has no options for backend TLS.");

interface WrittenPolicy extends BackendTLSPolicySpec {
  readonly options?: object;
}

export const backendTLSPolicySpec: Decoder<BackendTLSPolicySpec> = object<WrittenPolicy>({
  targetRefs: required(listOf(policyTarget, 16)),
  validation: required(validation),
  options: optional(noOptions),
});

/**
 * Secret and ConfigMap. Values are kept as they are, whatever they hold: they are looked at when a
 * reference names them, and no message ever quotes one.
 */
export const data: Decoder<{ readonly spec: DataSpec }> = (value) => {
  const written = typeof value === "object" && value !== null && "data" in value ? value.data : {};
  const entries = Object.entries(typeof written === "object" && written !== null ? written : {});
  return {
    spec: { data: new Map(entries.filter(([, field]) => typeof field === "string")) },
  };
};
