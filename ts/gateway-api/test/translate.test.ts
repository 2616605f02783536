/** The API as a cluster's controller uses it: objects without files. */

import { describe, expect, test } from "vitest";
import { createTranslator, defaultControllerName, translate } from "../src/index.js";
import type { LocatedObject } from "../src/index.js";
import { gateway, gatewayObject, located, routeWith } from "./objects.js";

const service = located({
  apiVersion: "v1",
  kind: "Service",
  metadata: { namespace: "shop", name: "cart" },
  spec: { ports: [{ port: 80 }] },
});
const route = routeWith({ backendRefs: [{ name: "cart", port: 80 }] });

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null)
    Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

describe("objects without a file", () => {
  test("leave the document without sources, and findings with the object's name alone", () => {
    const { document, diagnostics } = translate([
      gateway,
      service,
      routeWith({ backendRefs: [{ name: "missing", port: 80 }] }),
    ]);
    expect(document.routes).toMatchObject([{ name: "shop/cart" }]);
    expect(document.routes[0]).not.toHaveProperty("source");
    expect(document.routes[0]?.rules[0]).not.toHaveProperty("source");
    expect(diagnostics).toMatchObject([
      {
        code: "GH2301",
        file: "",
        line: 0,
        column: 0,
        path: "spec.rules[0].backendRefs[0]",
        object: "HTTPRoute/shop/cart",
      },
    ]);
  });

  test("are left as they were", () => {
    const objects = freeze([gateway, service, route]);
    expect(translate(objects)).toEqual(translate(objects));
  });

  test("that are no objects are passed over", () => {
    const broken = [
      {},
      { apiVersion: 1, kind: null },
      { apiVersion: "v1", kind: "Service", metadata: 7 },
      { apiVersion: "v1", kind: "toString" },
    ];
    const { document, diagnostics } = translate([
      gateway,
      service,
      route,
      ...broken.map((object) => ({ object }) as unknown as LocatedObject),
    ]);
    expect(document).toEqual(translate([gateway, service, route]).document);
    expect(diagnostics.map(({ code }) => code)).toEqual(["GH2006", "GH2006", "GH2006", "GH2008"]);
  });

  test("written twice are decided by their resource version, not by order", () => {
    const copy = (resourceVersion: string, port: number): LocatedObject =>
      located({
        apiVersion: "v1",
        kind: "Service",
        metadata: { namespace: "shop", name: "cart", resourceVersion },
        spec: { ports: [{ port }] },
      });
    const [older, newer] = [copy("1", 80), copy("2", 81)];
    expect(translate([gateway, route, older, newer])).toEqual(
      translate([newer, older, route, gateway]),
    );
  });
});

describe("statuses", () => {
  test.each([
    [undefined, defaultControllerName],
    ["example.com/mine", "example.com/mine"],
  ])("for controller %s are signed by %s", (controllerName, expected) => {
    const gatewayClass = located({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name: "ghost" },
      spec: { controllerName: expected },
    });
    const { statuses } = translate(
      [gatewayClass, gateway, service, route],
      controllerName === undefined ? {} : { controllerName },
    );
    expect(statuses.map(({ kind }) => kind)).toEqual(["GatewayClass", "Gateway", "HTTPRoute"]);
    expect(statuses.slice(2)).toMatchObject([
      { kind: "HTTPRoute", status: { parents: [{ controllerName: expected }] } },
    ]);
  });

  test("tell at most eight problems in one message", () => {
    const missing = Array.from({ length: 12 }, (_, index) => ({
      name: `missing-${index}`,
      port: 80,
    }));
    const { statuses } = translate([gateway, routeWith({ backendRefs: missing })]);
    const said = JSON.stringify(statuses);
    expect(said).toContain("Service shop/missing-7 does not exist. And 4 more.");
    expect(said).not.toContain("missing-8");
  });
});

test("a Gateway without listeners is not accepted", () => {
  const empty = gatewayObject("Gateway", "shop", "web", { gatewayClassName: "ghost" });
  const { document, statuses } = translate([empty, service, route]);
  expect(document.listeners).toEqual([]);
  expect(statuses).toMatchObject([
    {
      status: {
        conditions: [
          { type: "Accepted", status: "False", reason: "ListenersNotValid" },
          { type: "Programmed" },
          { type: "ResolvedRefs" },
        ],
      },
    },
    {
      status: {
        parents: [
          { conditions: [{ type: "Accepted", status: "False", reason: "NoMatchingParent" }, {}] },
        ],
      },
    },
  ]);
});

describe("Services of type ExternalName", () => {
  const named = (spec: object): LocatedObject =>
    located({
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace: "shop", name: "cart" },
      spec: { type: "ExternalName", ...spec },
    });
  const followed = { followsExternalNames: true };

  test("are no backends unless that is asked for", () => {
    const { document } = translate([gateway, named({ externalName: "api.example.com" }), route]);
    expect(document.services).toEqual({});
    expect(document.routes[0]?.rules[0]?.backends).toMatchObject([{ invalid: "InvalidKind" }]);
  });

  test("are names to resolve where it is, whether or not they list the port", () => {
    for (const ports of [[], [{ port: 80 }]]) {
      const service = named({ externalName: "API.example.com.", ports });
      const { document, diagnostics } = translate([gateway, service, route], followed);
      expect(diagnostics).toEqual([]);
      expect(document.services).toEqual({
        "shop/cart:80": {
          protocol: "http1",
          resolve: { hostname: "api.example.com", port: 80 },
          endpoints: [],
        },
      });
    }
  });

  test("keep the name in the routes where endpoints go apart", () => {
    const translator = createTranslator(followed);
    const service = named({ externalName: "api.example.com" });
    const { forGateway } = translator.update({ changed: [gateway, service, route] });
    expect(forGateway("shop/web")?.documents.routes.services).toEqual({
      "shop/cart:80": { protocol: "http1", resolve: { hostname: "api.example.com", port: 80 } },
    });
  });

  test("follow a name that changes", () => {
    const translator = createTranslator(followed);
    translator.update({ changed: [gateway, named({ externalName: "one.example.com" }), route] });
    const { document } = translator.update({
      changed: [named({ externalName: "two.example.com" })],
    });
    expect(document.services["shop/cart:80"]?.resolve?.hostname).toBe("two.example.com");
  });

  test.each(["", "10.0.0.1", "a b", "*.example.com", "-a.example.com", "x".repeat(64), "::1"])(
    "with the externalName %j are no backends",
    (externalName) => {
      const { document, diagnostics } = translate(
        [gateway, named({ externalName }), route],
        followed,
      );
      expect(document.services).toEqual({});
      expect(diagnostics).toMatchObject([{ code: "GH2302" }]);
    },
  );
});
