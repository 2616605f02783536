/** What holds for every input: order does not matter, nothing throws, a broken object touches no other. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readObjects, translate } from "../src/index.js";
import type { KubernetesObject, LocatedObject } from "../src/index.js";
import { names, readCase, render } from "./cases.js";
import { gateway, gatewayObject } from "./objects.js";

const cases = names(".in.yaml").map(readCase);
const aCase = fc.constantFrom(...cases);

function permutationOf<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}

describe("order of input", () => {
  test.each(cases)("of the objects does not matter: $name", ({ files, options }) => {
    const { objects } = readObjects(files);
    const expected = render(objects, [], options);
    fc.assert(
      fc.property(permutationOf(objects), (shuffled) => {
        expect(render(shuffled, [], options)).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  test("of the files does not matter", () => {
    const files = cases.flatMap((golden) =>
      golden.files.map((file, index) => ({ ...file, name: `${golden.name}-${index}` })),
    );
    const expected = readObjects(files);
    fc.assert(
      fc.property(permutationOf(files), (shuffled) => {
        const read = readObjects(shuffled);
        expect(read.diagnostics).toEqual(expected.diagnostics);
        expect(read.objects.map(({ object }) => object)).toEqual(
          expected.objects.map(({ object }) => object),
        );
      }),
      { numRuns: 5 },
    );
  });
});

describe("a broken object", () => {
  const tenant = fc.record({
    kind: fc.constantFrom(
      "HTTPRoute",
      "Gateway",
      "ReferenceGrant",
      "Service",
      "EndpointSlice",
      "Namespace",
      "GatewayClass",
      "ListenerSet",
      "GRPCRoute",
      "TLSRoute",
      "TCPRoute",
      "UDPRoute",
      "BackendTLSPolicy",
      "Secret",
      "ConfigMap",
    ),
    spec: fc.jsonValue({ maxDepth: 4 }),
  });

  test("of one tenant changes nothing for another", () => {
    fc.assert(
      fc.property(aCase, tenant, ({ files, options }, { kind, spec }) => {
        const { objects } = readObjects(files);
        const broken = brokenObject(kind, spec);
        const before = translate(objects, { ...options, gateway: options.gateway ?? "shop/web" });
        const after = translate([...objects, broken], {
          ...options,
          gateway: options.gateway ?? "shop/web",
        });
        expect(after.document).toEqual(before.document);
        expect(after.statuses.filter(({ namespace }) => namespace !== "tenant-b")).toEqual(
          before.statuses,
        );
        expect(
          after.diagnostics.filter(({ file, object }) => file !== "" || object === null),
        ).toEqual(expect.arrayContaining([...before.diagnostics]));
      }),
    );
  });

  function brokenObject(kind: string, spec: unknown): LocatedObject {
    const metadata = { namespace: "tenant-b", name: "broken" };
    const apiVersion =
      {
        EndpointSlice: "discovery.k8s.io/v1",
        Service: "v1",
        Namespace: "v1",
        Secret: "v1",
        ConfigMap: "v1",
      }[kind] ?? "gateway.networking.k8s.io/v1";
    return {
      object: {
        apiVersion,
        kind,
        metadata,
        spec,
        data: spec,
        ports: spec,
        endpoints: spec,
        addressType: "IPv4",
      },
    };
  }

  test("is told and never thrown over, wherever it is broken", () => {
    fc.assert(
      fc.property(
        aCase,
        fc.nat(),
        fc.jsonValue({ maxDepth: 3 }),
        fc.nat(),
        ({ files, options }, which, junk, where) => {
          const { objects } = readObjects(files);
          fc.pre(objects.length > 0);
          const index = which % objects.length;
          const mutated = objects.map((located, at) =>
            at === index ? { object: plant(located.object, junk, where) } : located,
          );
          const { document } = translate(mutated, options);
          expect(JSON.parse(JSON.stringify(document))).toEqual(document);
        },
      ),
      { numRuns: 500 },
    );
  });

  // Puts junk in the place of the n-th value of an object, counted depth first.
  function plant(object: KubernetesObject, junk: unknown, n: number): KubernetesObject {
    const size = countValues(object);
    let left = n % size;
    const walk = (value: unknown): unknown => {
      if (left-- === 0) return junk;
      if (Array.isArray(value)) return value.map(walk);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, walk(field)]));
    };
    return Object.fromEntries(
      Object.entries(object).map(([key, field]) => [key, walk(field)]),
    ) as KubernetesObject;
  }

  function countValues(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    return Object.values(value).reduce<number>((sum, field) => sum + countValues(field), 1);
  }
});

describe("text", () => {
  test("of any kind is read without throwing", () => {
    const damaged = fc
      .tuple(aCase, fc.nat(), fc.nat({ max: 20 }), fc.string({ unit: "binary", maxLength: 5 }))
      .map(([{ files }, at, length, insert]) => {
        const text = files[0]?.text ?? "";
        const start = at % (text.length + 1);
        return text.slice(0, start) + insert + text.slice(start + length);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: "binary" })), (text) => {
        const { objects, diagnostics } = readObjects([{ name: "any.yaml", text }]);
        const translated = translate(objects);
        for (const { line, column } of [...diagnostics, ...translated.diagnostics]) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("of messages holds no control character, whatever the values were", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const route = gatewayObject("HTTPRoute", "shop", "cart", {
          parentRefs: [{ name: "web", sectionName: value }],
          [value]: value,
          rules: [
            {
              name: value,
              filters: [{ type: value }],
              backendRefs: [{ name: "cart", kind: value, port: value }],
            },
          ],
        });
        const { diagnostics } = translate([gateway, route]);
        expect(diagnostics.length).toBeGreaterThan(0);
        const said = diagnostics.map(({ message, path }) => message + path).join("");
        expect(said).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
