/** The engine is asked what the core has decided. */

import { loadCore } from "@ghost-gateway/core";
import { expect, test } from "vitest";
import { sampleRequests } from "../src/apply/samples.js";
import { selfCheck } from "../src/apply/selfcheck.js";
import { serveHttp } from "./engine.js";

const redirectTo = (hostname: string): object => ({
  filters: [{ type: "RequestRedirect", requestRedirect: { hostname, scheme: "http", port: 80 } }],
});
const routes = Buffer.from(
  JSON.stringify({
    version: 1,
    routes: [
      {
        name: "moved",
        hostnames: ["*.example"],
        rules: [{ matches: [{ path: { value: "/old" } }], ...redirectTo("new.example") }],
      },
      { name: "served", hostnames: ["shop.test"], rules: [{ backends: [{ service: "s" }] }] },
    ],
    services: { s: { endpoints: [{ address: "192.0.2.1", port: 1 }] } },
  }),
);

const listenersAt = (port: number): { name: string; address: string; port: number }[] => [
  { name: "http", address: "127.0.0.1", port },
];

test("requests for routes here and there, and one that nothing is for", () => {
  expect(sampleRequests(routes, 10)).toEqual([
    { host: "ghost-self-check.invalid", path: "/", listener: undefined },
    { host: "ghost-self-check.example", path: "/old", listener: undefined },
    { host: "shop.test", path: "/", listener: undefined },
  ]);
  const many = JSON.stringify({ routes: Array.from({ length: 10_000 }, () => ({})) });
  expect(sampleRequests(Buffer.from(many), 20).length).toBe(20);
});

test("an engine that agrees; requests for services are not sent", async () => {
  const asked: string[] = [];
  const port = await serveHttp((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    const isMoved = request.url === "/old";
    response
      .writeHead(isMoved ? 302 : 404, isMoved ? { location: "http://new.example/old" } : {})
      .end();
  });
  expect(await selfCheck(loadCore(), { routes, endpoints: undefined }, listenersAt(port))).toEqual(
    [],
  );
  expect(asked).toEqual(["ghost-self-check.invalid/", "ghost-self-check.example/old"]);
});

test("an engine that has other routes", async () => {
  const port = await serveHttp((_request, response) => response.writeHead(404).end());
  expect(await selfCheck(loadCore(), { routes, endpoints: undefined }, listenersAt(port))).toEqual([
    "http://ghost-self-check.example/old: the core decides 302 http://new.example/old, the engine answered 404",
  ]);
});
