import { describe, expect, test } from "vitest";
import { isPermitted } from "../src/model/grant.js";
import type { ReferenceGrantSpec } from "../src/objects.js";

const group = "gateway.networking.k8s.io";
const referrer = { group, kind: "HTTPRoute", namespace: "shop" };
const target = { group: "", kind: "Service", namespace: "backend", name: "cart" };
const from = [{ group, kind: "HTTPRoute", namespace: "shop" }];
const to = [{ group: "", kind: "Service" }];

describe("a reference across namespaces", () => {
  const table: [string, ReferenceGrantSpec[], boolean][] = [
    ["no grant", [], false],
    ["a grant for every Service", [{ from, to }], true],
    [
      "an empty name is every name",
      [{ from, to: [{ group: "", kind: "Service", name: "" }] }],
      true,
    ],
    [
      "a grant for the Service",
      [{ from, to: [{ group: "", kind: "Service", name: "cart" }] }],
      true,
    ],
    [
      "a grant for another Service",
      [{ from, to: [{ group: "", kind: "Service", name: "other" }] }],
      false,
    ],
    ["a grant for another kind of target", [{ from, to: [{ group: "", kind: "Secret" }] }], false],
    [
      "a grant for a target of another group",
      [{ from, to: [{ group: "example.com", kind: "Service" }] }],
      false,
    ],
    [
      "a grant for another kind of referrer",
      [{ from: [{ group, kind: "GRPCRoute", namespace: "shop" }], to }],
      false,
    ],
    [
      "a grant for another group of referrer",
      [{ from: [{ group: "", kind: "HTTPRoute", namespace: "shop" }], to }],
      false,
    ],
    [
      "a grant for another namespace",
      [{ from: [{ group, kind: "HTTPRoute", namespace: "other" }], to }],
      false,
    ],
    [
      "one of several entries fits",
      [
        {
          from: [{ group, kind: "HTTPRoute", namespace: "other" }, ...from],
          to: [{ group: "", kind: "Secret" }, ...to],
        },
      ],
      true,
    ],
    [
      "from of one grant and to of another do not add up",
      [
        { from, to: [{ group: "", kind: "Secret" }] },
        { from: [{ group, kind: "HTTPRoute", namespace: "other" }], to },
      ],
      false,
    ],
  ];
  test.each(table)("%s", (_name, grants, expected) => {
    expect(isPermitted(new Map([["backend", grants]]), referrer, target)).toBe(expected);
  });

  test("is judged by the grants of the target's namespace alone", () => {
    expect(isPermitted(new Map([["shop", [{ from, to }]]]), referrer, target)).toBe(false);
  });

  test("inside one namespace needs none", () => {
    expect(isPermitted(new Map(), referrer, { ...target, namespace: "shop" })).toBe(true);
  });
});
