/** What is served of documents once services ask for probes or names; and that nothing is touched where none does. */

import { loadCore } from "@ghost-gateway/core";
import type { Core, LivePlan } from "@ghost-gateway/core";
import { expect, test } from "vitest";
import { LiveDocuments } from "../src/apply/live.js";

const core = loadCore();
const check = { failureThreshold: 1, successThreshold: 1, cooldown: "0s" };
const document = (service: object): Buffer =>
  Buffer.from(JSON.stringify({ generation: 1, version: 1, services: { s: service, "9": {} } }));
const list = { endpoints: [{ address: "10.0.0.1", port: 80 }] };

function live(): { documents: LiveDocuments; plans: LivePlan[] } {
  const documents = new LiveDocuments(core, "endpoints.json");
  const plans: LivePlan[] = [];
  documents.onPlan = (plan) => plans.push(plan);
  return { documents, plans };
}

test("a source that asks for nothing is served as it is, without a look by the core", () => {
  const untouched: Core = {
    ...core,
    liveEndpoints: () => {
      throw new Error("the core was asked");
    },
  };
  const documents = new LiveDocuments(untouched, "endpoints.json");
  const contents = { routes: document(list), endpoints: undefined };
  expect(documents.serve(contents)).toBe(contents);
});

test("a word that only looks like it costs a look and nothing else", () => {
  const { documents } = live();
  const routes = document({ ...list, activeTag: "é\u2028" });
  const escaped = Buffer.from(routes.toString().replace("é", String.raw`\u00e9`));
  const contents = { routes: escaped, endpoints: undefined };
  expect(documents.serve(contents)).toBe(contents);
});

test("routes are the same bytes whatever becomes of endpoints, which go out apart", () => {
  const { documents, plans } = live();
  const contents = { routes: document({ ...list, healthCheck: check }), endpoints: undefined };
  const healthy = documents.serve(contents);
  expect(plans.at(-1)?.checks).toMatchObject([
    { service: "s", endpoints: [{ endpoint: "10.0.0.1:80" }] },
  ]);
  expect(documents.observe("s", "10.0.0.1:80", false)).toBe(true);
  const unhealthy = documents.serve(contents);
  expect(unhealthy.routes).toBe(healthy.routes);
  expect(unhealthy.routes.toString()).toContain('"endpointsFile":"endpoints.json"');
  expect(healthy.endpoints?.toString()).toContain('"state":"ready"');
  expect(unhealthy.endpoints?.toString()).toContain('"state":"down"');
  const { table } = core.compile({
    routes: unhealthy.routes,
    file: "ghost.json",
    endpoints: unhealthy.endpoints ?? Buffer.of(),
  });
  expect(table).not.toBeNull();
});

test("what is known outlives an edit of routes, and goes with the last service that asks", () => {
  const { documents, plans } = live();
  const asking = document({ ...list, healthCheck: check });
  documents.serve({ routes: asking, endpoints: undefined });
  documents.observe("s", "10.0.0.1:80", false);
  const edited = Buffer.from(asking.toString().replace('"generation":1', '"generation":2'));
  const served = documents.serve({ routes: edited, endpoints: undefined });
  expect(served.endpoints?.toString()).toContain("down");
  documents.serve({ routes: document(list), endpoints: undefined });
  expect(plans.at(-1)).toEqual({ checks: [], names: [] });
  expect(documents.observe("s", "10.0.0.1:80", true)).toBe(false);
});

test("addresses of a name are endpoints, and are probed where that is asked for", () => {
  const { documents, plans } = live();
  const resolve = { hostname: "api.example.com", port: 8443 };
  const routes = document({ resolve, healthCheck: check });
  documents.serve({ routes, endpoints: undefined });
  expect(documents.resolve("s", ["192.0.2.1"])).toBe(true);
  expect(plans.at(-1)?.checks[0]?.endpoints).toMatchObject([{ address: "192.0.2.1", port: 8443 }]);
  expect(documents.serve({ routes, endpoints: undefined }).endpoints?.toString()).toContain(
    "192.0.2.1",
  );
});
