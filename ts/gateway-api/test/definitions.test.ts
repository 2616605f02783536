/** The decoders against the Gateway API's own definitions: no field of them is unknown to Ghost. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createTranslator } from "../src/index.js";
import type { KubernetesObject } from "../src/index.js";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
}

interface Definitions {
  readonly release: string;
  readonly resources: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

const definitions: Definitions = JSON.parse(read("../definitions/gateway-api.json"));

/** A value with every field of a schema in it, each of the right type. */
function sample(schema: Schema, name: string): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === "array") return [sample(schema.items ?? {}, name)];
  if (schema.type === "integer") return 80;
  if (schema.type === "boolean") return true;
  if (schema.type !== "object") return samples[name] ?? "a";
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(fields.map(([key, own]) => [key, sample(own, key)]));
}

/** Fields whose text has a form. */
const samples: Readonly<Record<string, string>> = { namespace: "shop", hostnames: "a.example.com" };

/** Only one of the variants of a filter, a name or a path may be there: each is a sample of its own. */
const variants: ReadonlySet<string> = new Set([
  "filters",
  "path",
  "subjectAltNames",
  "allowedListeners",
]);

function unknownFields(object: KubernetesObject): string[] {
  const { diagnostics } = createTranslator().update({ changed: [{ object }] });
  return diagnostics
    .filter(({ code, path }) => code === "GH2012" && !isInVariant(path))
    .map(({ path }) => path);
}

function isInVariant(path: string): boolean {
  return path.split(/[.[\]]+/).some((step) => variants.has(step));
}

describe("definitions of the Gateway API", () => {
  const kinds = Object.entries(definitions.resources).flatMap(([kind, versions]) =>
    Object.keys(versions).map((version) => ({ kind, version })),
  );

  test.each(kinds)("$kind $version has no field that Ghost does not know", ({ kind, version }) => {
    const schema = definitions.resources[kind]?.[version];
    const { spec } = sample(schema ?? {}, "") as { spec: unknown };
    const object = {
      apiVersion: `gateway.networking.k8s.io/${version}`,
      kind,
      metadata: { name: "a", namespace: "shop" },
      spec,
    };
    expect(unknownFields(object)).toEqual([]);
  });

  test("are of the release whose suite is run", () => {
    const modules = read("../../../tests/cluster/modules/conformance/go.mod");
    expect(modules).toContain(`sigs.k8s.io/gateway-api ${definitions.release}\n`);
  });
});
