/**
 * Decoders of Service, EndpointSlice and Namespace: kinds of Kubernetes itself, of which only some
 * fields are read, so others are no finding.
 */

import {
  anything,
  boolean,
  defaulted,
  integer,
  listOf,
  object,
  optional,
  required,
  text,
} from "./decode.js";
import type { Decoder } from "./decode.js";
import type {
  EndpointSliceSpec,
  ServicePort,
  ServiceSpec,
  SliceEndpoint,
  SlicePort,
} from "../objects.js";
import { portNumber } from "./values.js";

const open = { others: "ignored" } as const;

const servicePort = object<ServicePort>(
  {
    name: defaulted(text, ""),
    port: required(portNumber),
    protocol: defaulted(text, "TCP"),
    appProtocol: optional(text),
  },
  open,
);

const serviceFields = object<ServiceSpec>(
  {
    type: defaulted(text, "ClusterIP"),
    externalName: optional(text),
    ports: defaulted(listOf(servicePort), []),
  },
  open,
);

export const service: Decoder<{ readonly spec: ServiceSpec }> = object<{ spec: ServiceSpec }>(
  { spec: required(serviceFields) },
  open,
);

const slicePort = object<SlicePort>(
  {
    name: defaulted(text, ""),
    port: optional(integer(1, 65535)),
    protocol: defaulted(text, "TCP"),
  },
  open,
);

const sliceFields = object<EndpointSliceSpec>(
  {
    addressType: required(text),
    ports: defaulted(listOf(slicePort), []),
    endpoints: defaulted(listOf(anything), []),
  },
  open,
);

/** An EndpointSlice has no spec: its fields stand at the top. */
export const endpointSlice: Decoder<{ readonly spec: EndpointSliceSpec }> = (value, at) => {
  const spec = sliceFields(value, at);
  return spec === undefined ? undefined : { spec };
};

interface WrittenEndpoint extends Omit<SliceEndpoint, "forZones"> {
  readonly hints: { readonly forZones: readonly { readonly name: string }[] };
}

const hints = object<WrittenEndpoint["hints"]>(
  { forZones: defaulted(listOf(object<{ name: string }>({ name: required(text) }, open)), []) },
  open,
);

const writtenEndpoint = object<WrittenEndpoint>(
  {
    addresses: required(listOf(text)),
    conditions: defaulted(
      object<SliceEndpoint["conditions"]>(
        { ready: optional(boolean), serving: optional(boolean), terminating: optional(boolean) },
        open,
      ),
      {},
    ),
    zone: optional(text),
    hints: defaulted(hints, { forZones: [] }),
  },
  open,
);

export const sliceEndpoint: Decoder<SliceEndpoint> = (value, at) => {
  const endpoint = writtenEndpoint(value, at);
  if (endpoint === undefined) return undefined;
  const { hints: zones, ...rest } = endpoint;
  return { ...rest, forZones: zones.forZones.map(({ name }) => name) };
};

/** Of a Namespace only the labels count, of a CustomResourceDefinition an annotation: metadata. */
export const metadataOnly: Decoder<{ readonly spec: object }> = () => ({ spec: {} });
