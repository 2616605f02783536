/**
 * All objects by kind and name, checked: the first stage of the translation. Order of input is gone
 * after it, and an object that did not change is not read again.
 *
 * A malformed object stays, without a spec and with its findings, so that it can be told what is
 * wrong with it.
 */

import { diagnose } from "../diagnostics.js";
import type { Diagnostic, Finding } from "../diagnostics.js";
import { gatewayGroup } from "../objects.js";
import type { ObjectMeta } from "../objects.js";
import { decode } from "../shape/decode.js";
import { metadata } from "../shape/values.js";
import { compareOrigins, compareText, quote } from "../source.js";
import type { LocatedObject } from "../source.js";
import { isKindRead, kinds } from "./kinds.js";
import type { Kind, Specs } from "./kinds.js";

/** One object. */
export interface Entry<Spec> {
  readonly source: LocatedObject;
  /** `Kind/namespace/name`. */
  readonly identity: string;
  readonly metadata: ObjectMeta;
  /** Undefined: malformed, see `findings`. */
  readonly spec: Spec | undefined;
  readonly findings: readonly Finding[];
  /** Further objects of the same name, which do not count. */
  readonly copies: readonly Entry<Spec>[];
}

/** What may be asked of the objects of a kind while judging: one of them, by `namespace/name`. */
export interface Find<T> {
  get(key: string): T | undefined;
}

export type Store = { readonly [K in Kind]: Find<Entry<Specs[K]>> };

/** The name of an object that is gone. */
export interface ObjectName {
  readonly kind: string;
  /** Absent or empty for kinds that live in no namespace. */
  readonly namespace?: string;
  readonly name: string;
}

/** Objects that came or changed, and names of those that are gone. */
export interface Changes {
  readonly changed?: readonly LocatedObject[];
  readonly removed?: readonly ObjectName[];
}

/** Objects of a kind, in the order of their keys. */
export class Table<Spec> implements Find<Entry<Spec>> {
  readonly #entries = new Map<string, Entry<Spec>>();
  readonly #faulty = new Set<string>();
  #keys: string[] | undefined = [];

  get(key: string): Entry<Spec> | undefined {
    return this.#entries.get(key);
  }

  set(key: string, entry: Entry<Spec>): void {
    if (!this.#entries.has(key)) this.#keys = undefined;
    this.#entries.set(key, entry);
    if (entry.findings.length > 0 || entry.copies.length > 0) this.#faulty.add(key);
    else this.#faulty.delete(key);
  }

  delete(key: string): boolean {
    this.#keys = undefined;
    this.#faulty.delete(key);
    return this.#entries.delete(key);
  }

  /** Entries with findings or copies, in no order. */
  faulty(): Entry<Spec>[] {
    return [...this.#faulty].flatMap((key) => this.#entries.get(key) ?? []);
  }

  get size(): number {
    return this.#entries.size;
  }

  keys(): readonly string[] {
    this.#keys ??= [...this.#entries.keys()].toSorted(compareText);
    return this.#keys;
  }

  *[Symbol.iterator](): Generator<[string, Entry<Spec>]> {
    for (const key of this.keys()) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) yield [key, entry];
    }
  }
}

export type Tables = { readonly [K in Kind]: Table<Specs[K]> };

export function emptyTables(): Tables {
  // `kinds` and `Tables` have the same keys.
  return Object.fromEntries(Object.keys(kinds).map((kind) => [kind, new Table()])) as Tables;
}

/** Reads changes into the tables, object by object, so that a caller may pause in between. */
export function* applyChanges(
  tables: Tables,
  { changed = [], removed = [] }: Changes,
  touched: Set<string>,
  strays: Diagnostic[],
): Generator<void> {
  for (const { kind, namespace = "", name } of removed) {
    const key = namespace === "" ? name : `${namespace}/${name}`;
    if (isKindRead(kind) && tables[kind].delete(key)) touched.add(`${kind}/${key}`);
  }
  const seen = new Set<string>();
  for (const source of changed) {
    const kind = kindOf(source, strays);
    if (kind !== undefined) applyChange(tables, kind, source, { seen, touched, strays });
    yield;
  }
}

interface Applying {
  /** Keys set by these changes: a second object of the name is a copy, not a newer state. */
  readonly seen: Set<string>;
  readonly touched: Set<string>;
  readonly strays: Diagnostic[];
}

function applyChange<K extends Kind>(
  tables: Tables,
  kind: K,
  source: LocatedObject,
  { seen, touched, strays }: Applying,
): void {
  const table: Table<Specs[K]> = tables[kind];
  const entry = readEntry<Specs[K]>(kind, source, strays);
  if (entry === undefined) return;
  const key = keyOf(entry);
  const known = table.get(key);
  const place = `${kind}/${key}`;
  if (known !== undefined && seen.has(place)) {
    table.set(key, withCopy(known, entry));
  } else {
    // A resync delivers what is known already.
    if (known !== undefined && isSameState(known, entry)) return;
    table.set(key, entry);
    seen.add(place);
  }
  touched.add(place);
}

/**
 * A resource version names one state of one object. Kinds of the Gateway API count the changes of
 * their spec in the generation: what differs otherwise is a status, mostly written by ourselves.
 */
function isSameState(known: Entry<unknown>, entry: Entry<unknown>): boolean {
  if (known.copies.length > 0) return false;
  if (known.source === entry.source) return true;
  const [before, after] = [known.metadata, entry.metadata];
  const isVersion = (left: unknown, right: unknown): boolean =>
    left !== undefined && left === right;
  if (isVersion(before.resourceVersion, after.resourceVersion)) return true;
  return (
    isVersion(before.generation, after.generation) &&
    isVersion(before.uid, after.uid) &&
    String(entry.source.object.apiVersion).startsWith(`${gatewayGroup}/`)
  );
}

function withCopy<Spec>(known: Entry<Spec>, further: Entry<Spec>): Entry<Spec> {
  const [first, ...copies] = [{ ...known, copies: [] }, ...known.copies, further].toSorted(
    compareCopies,
  );
  return { ...(first ?? known), copies };
}

/** The kind, if it is read; otherwise says why it is not. */
function kindOf(source: LocatedObject, diagnostics: Diagnostic[]): Kind | undefined {
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

function readEntry<Spec>(
  kind: Kind,
  source: LocatedObject,
  diagnostics: Diagnostic[],
): Entry<Spec> | undefined {
  const { scope, decoder } = kinds[kind];
  const meta = decode(metadata[scope], source.object["metadata"] ?? {}, ["metadata"]);
  if (meta.value === undefined) {
    diagnostics.push(
      ...meta.findings.map((finding) =>
        diagnose(source, null, { ...finding, code: "invalidMetadata" }),
      ),
    );
    return undefined;
  }
  const { value, findings } = decode(decoder, source.object);
  const identity = [kind, meta.value.namespace, meta.value.name]
    .filter((part) => part !== "")
    .join("/");
  // The table of a kind is read with the kind's own decoder.
  const spec = value?.spec as Spec | undefined;
  return { source, identity, metadata: meta.value, spec, findings, copies: [] };
}

/** `namespace/name`, or the name alone for kinds without namespace. */
export function keyOf(entry: { readonly metadata: ObjectMeta }): string {
  const { namespace: place, name } = entry.metadata;
  return place === "" ? name : `${place}/${name}`;
}

/** What is wrong with an object's shape, and that copies of it do not count. */
export function entryDiagnostics(entry: Entry<unknown>): Diagnostic[] {
  return [
    ...entry.findings.map((finding) => diagnose(entry.source, entry.identity, finding)),
    ...entry.copies.map((copy) => duplicate(copy, entry)),
  ];
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

/** Orders objects as the Gateway API resolves conflicts: the oldest first, then by name. */
export function compareAge(left: Entry<unknown>, right: Entry<unknown>): number {
  return ageOf(left) - ageOf(right) || compareText(keyOf(left), keyOf(right));
}

// An object without a time, as in files, comes last; two of them are equal in age.
function ageOf({ metadata: { creationTimestamp } }: Entry<unknown>): number {
  const time = Date.parse(creationTimestamp ?? "");
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}
