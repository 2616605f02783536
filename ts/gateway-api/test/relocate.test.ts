import { describe, expect, test } from "vitest";
import { readObjects, relocate, translate } from "../src/index.js";
import type { Diagnostic } from "../src/index.js";

const manifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web }
spec: { gatewayClassName: ghost, listeners: [{ name: http, port: 80, protocol: HTTP, hostname: "*.example.com" }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart }
spec: { ports: [{ port: 80 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart }
spec:
  parentRefs: [{ name: web }]
  hostnames: [other.org, a.example.com]
  rules:
    - matches:
        - path: { type: RegularExpression, value: "(" }
      backendRefs:
        - { name: cart, port: 80 }
    - filters:
        - { type: RequestMirror, requestMirror: { backendRef: { name: missing, port: 80 } } }
        - { type: CORS, cors: { allowOrigins: ["x"] } }
      timeouts: { request: soon }
`;

const { objects } = readObjects([{ name: "shop.yaml", text: manifest }]);
const { document } = translate(objects);

function findingAt(path: string): Diagnostic {
  return {
    code: "GH0107",
    severity: "error",
    file: "ghost.json",
    line: 9,
    column: 9,
    path,
    message: "m",
    help: "h",
    object: null,
  };
}

describe("a finding of the core", () => {
  test.each<[string, Partial<Diagnostic>]>([
    ["routes[0]", { file: "shop.yaml", line: 12, column: 1, path: "" }],
    [
      "routes[0].rules[0].matches[0].path.value",
      { line: 20, column: 51, path: "spec.rules[0].matches[0].path.value" },
    ],
    [
      "routes[0].rules[0].backends[0].weight",
      { line: 22, column: 11, path: "spec.rules[0].backendRefs[0].weight" },
    ],
    [
      "routes[0].rules[1].timeouts.request",
      { line: 26, column: 28, path: "spec.rules[1].timeouts.request" },
    ],
    [
      "routes[0].rules[1].filters[0].cors.allowOrigins[0]",
      { line: 24, column: 9, path: "spec.rules[1].filters" },
    ],
    ["routes[0].hostnames[0]", { line: 17, column: 14, path: "spec.hostnames" }],
    ["routes[0].listeners[0]", { line: 16, column: 16, path: "spec.parentRefs[0]" }],
    ['services["default/cart:80"].protocol', { file: "shop.yaml", line: 7, column: 1, path: "" }],
    ["listeners[0].port", { file: "ghost.json", line: 9, column: 9, path: "listeners[0].port" }],
    ["routes[7].name", { file: "ghost.json", line: 9, path: "routes[7].name" }],
    ['services["\\x"]', { file: "ghost.json", line: 9 }],
    ["", { file: "ghost.json", line: 9, path: "" }],
  ])("at %j is moved", (path, expected) => {
    expect(relocate([findingAt(path)], document, objects)).toMatchObject([
      { code: "GH0107", message: "m", ...expected },
    ]);
  });

  test("about objects without a file keeps the path in the object", () => {
    const bare = objects.map(({ object }) => ({ object }));
    expect(relocate([findingAt("routes[0].rules[0].name")], document, bare)).toMatchObject([
      { file: "", line: 0, path: "spec.rules[0].name" },
    ]);
  });

  test("is sorted by its new place", () => {
    const moved = relocate(
      [
        findingAt("routes[0].rules[1].timeouts.request"),
        findingAt("routes[0].rules[0].matches[0].path.value"),
      ],
      document,
      objects,
    );
    expect(moved.map(({ line }) => line)).toEqual([20, 26]);
  });
});
