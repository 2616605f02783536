/**
 * All objects by kind and name, checked: the first stage of the translation. Order of input is gone
 * after it.
 *
 * A malformed object stays, without a spec and with its findings, so that it can be told what is
 * wrong with it.
 */

import { diagnose } from "../diagnostics.js";
import type { Diagnostic, Finding } from "../diagnostics.js";
import { gatewayGroup } from "../objects.js";
import type {
  EndpointSliceSpec,
  GatewayClassSpec,
  GatewaySpec,
  HTTPRouteSpec,
  ObjectMeta,
  ReferenceGrantSpec,
  ServiceSpec,
} from "../objects.js";
import { decode } from "../shape/decode.js";
import type { Decoder } from "../shape/decode.js";
import { gatewayClassSpec, gatewaySpec, referenceGrantSpec } from "../shape/gateway.js";
import { httpRouteSpec } from "../shape/route.js";
import { endpointSlice, namespace, service } from "../shape/service.js";
import { metadata, specOf } from "../shape/values.js";
import type { Scope } from "../shape/values.js";
import { compareOrigins, compareText, quote } from "../source.js";
import type { LocatedObject } from "../source.js";

/** The kinds read, and what is kept of each. */
interface Specs {
  readonly GatewayClass: GatewayClassSpec;
  readonly Gateway: GatewaySpec;
  readonly HTTPRoute: HTTPRouteSpec;
  readonly ReferenceGrant: ReferenceGrantSpec;
  readonly Service: ServiceSpec;
  readonly EndpointSlice: EndpointSliceSpec;
  readonly Namespace: object;
}

/** One object. */
export interface Entry<Spec> {
  readonly source: LocatedObject;
  /** `Kind/namespace/name`. */
  readonly identity: string;
  readonly metadata: ObjectMeta;
  /** Undefined: malformed, see `findings`. */
  readonly spec: Spec | undefined;
  readonly findings: readonly Finding[];
}

/** Objects of a kind by `namespace/name` (by name for kinds without namespace), sorted. */
export type Entries<Spec> = ReadonlyMap<string, Entry<Spec>>;

export type Store = { readonly [Kind in keyof Specs]: Entries<Specs[Kind]> };

interface KindReader<Spec> {
  readonly group: string;
  readonly versions: readonly string[];
  readonly scope: Scope;
  readonly decoder: Decoder<{ readonly spec: Spec }>;
}

const kinds: { readonly [Kind in keyof Specs]: KindReader<Specs[Kind]> } = {
  GatewayClass: {
    group: gatewayGroup,
    versions: ["v1", "v1beta1"],
    scope: "Cluster",
    decoder: specOf(gatewayClassSpec),
  },
  Gateway: {
    group: gatewayGroup,
    versions: ["v1", "v1beta1"],
    scope: "Namespaced",
    decoder: specOf(gatewaySpec),
  },
  HTTPRoute: {
    group: gatewayGroup,
    versions: ["v1", "v1beta1"],
    scope: "Namespaced",
    decoder: specOf(httpRouteSpec),
  },
  ReferenceGrant: {
    group: gatewayGroup,
    versions: ["v1", "v1beta1"],
    scope: "Namespaced",
    decoder: specOf(referenceGrantSpec),
  },
  Service: { group: "", versions: ["v1"], scope: "Namespaced", decoder: service },
  EndpointSlice: {
    group: "discovery.k8s.io",
    versions: ["v1"],
    scope: "Namespaced",
    decoder: endpointSlice,
  },
  Namespace: { group: "", versions: ["v1"], scope: "Cluster", decoder: namespace },
};

/** Sorts objects into the store. Of two with the same name the first by place stays. */
export function readStore(objects: readonly LocatedObject[]): {
  readonly store: Store;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const byKind = Map.groupBy(objects, (source) => kindOf(source, diagnostics));
  const read = <Kind extends keyof Specs>(kind: Kind): Entries<Specs[Kind]> =>
    readKind<Specs[Kind]>(kind, kinds[kind], byKind.get(kind) ?? [], diagnostics);
  const store: Store = {
    GatewayClass: read("GatewayClass"),
    Gateway: read("Gateway"),
    HTTPRoute: read("HTTPRoute"),
    ReferenceGrant: read("ReferenceGrant"),
    Service: read("Service"),
    EndpointSlice: read("EndpointSlice"),
    Namespace: read("Namespace"),
  };
  return { store, diagnostics };
}

function isKindRead(kind: string): kind is keyof Specs {
  return Object.hasOwn(kinds, kind);
}

/** The kind, if it is read; otherwise says why it is not. */
function kindOf(source: LocatedObject, diagnostics: Diagnostic[]): keyof Specs | undefined {
  const [apiVersion, kind] = [String(source.object.apiVersion), String(source.object.kind)];
  const slash = apiVersion.indexOf("/");
  const group = slash === -1 ? "" : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const isOurs = isKindRead(kind) && kinds[kind].group === group;
  if (isOurs && kinds[kind].versions.includes(version)) return kind;
  const finding: Finding =
    isOurs ||
    group === gatewayGroup ||
    group.endsWith(`.${gatewayGroup}`) ||
    group === "gateway.networking.x-k8s.io"
      ? {
          code: "unsupportedKind",
          path: [],
          message: `${quote(kind)} of ${quote(apiVersion)} is not supported yet and has no effect.`,
        }
      : {
          code: "ignoredKind",
          path: [],
          message: `${quote(kind)} of ${quote(apiVersion)} has no part in routing and is ignored.`,
        };
  diagnostics.push(diagnose(source, null, finding));
  return undefined;
}

function readKind<Spec>(
  kind: string,
  reader: KindReader<Spec>,
  sources: readonly LocatedObject[],
  diagnostics: Diagnostic[],
): Entries<Spec> {
  const entries = sources.flatMap((source) => readEntry(kind, reader, source, diagnostics));
  entries.sort(
    (left, right) => compareText(keyOf(left), keyOf(right)) || compareCopies(left, right),
  );
  const byKey = new Map<string, Entry<Spec>>();
  for (const entry of entries) {
    const first = byKey.get(keyOf(entry));
    if (first === undefined) byKey.set(keyOf(entry), entry);
    else diagnostics.push(duplicate(entry, first));
  }
  for (const entry of byKey.values())
    diagnostics.push(
      ...entry.findings.map((finding) => diagnose(entry.source, entry.identity, finding)),
    );
  return byKey;
}

function readEntry<Spec>(
  kind: string,
  reader: KindReader<Spec>,
  source: LocatedObject,
  diagnostics: Diagnostic[],
): Entry<Spec>[] {
  const meta = decode(metadata[reader.scope], source.object["metadata"] ?? {}, ["metadata"]);
  if (meta.value === undefined) {
    diagnostics.push(
      ...meta.findings.map((finding) =>
        diagnose(source, null, { ...finding, code: "invalidMetadata" }),
      ),
    );
    return [];
  }
  const { value, findings } = decode(reader.decoder, source.object);
  const identity = [kind, meta.value.namespace, meta.value.name]
    .filter((part) => part !== "")
    .join("/");
  return [{ source, identity, metadata: meta.value, spec: value?.spec, findings }];
}

/** `namespace/name`, or the name alone for kinds without namespace. */
export function keyOf(entry: { readonly metadata: ObjectMeta }): string {
  const { namespace: place, name } = entry.metadata;
  return place === "" ? name : `${place}/${name}`;
}

// A cluster never delivers two copies; should a caller do so, the resource version decides and not
// the order of input.
function compareCopies(left: Entry<unknown>, right: Entry<unknown>): number {
  return (
    compareOrigins(left.source.origin, right.source.origin) ||
    compareText(left.metadata.resourceVersion ?? "", right.metadata.resourceVersion ?? "")
  );
}

function duplicate(entry: Entry<unknown>, first: Entry<unknown>): Diagnostic {
  const at = first.source.origin;
  const where = at === undefined ? "before" : `at ${at.file}:${at.line}:${at.column}`;
  return diagnose(entry.source, entry.identity, {
    code: "duplicateObject",
    path: [],
    message: `${entry.identity} is already written ${where}.`,
  });
}
