/** Sources that are stamped into the engine's copy are those that the core gives for the original. */

import { loadCore } from "@ghost-gateway/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stampDocument } from "../src/apply/stamp.js";

const core = loadCore();
const file = 'conf "d"/ghöst.json';

/** What the core says where each request's rule comes from. */
function sources(document: string, hosts: readonly string[], name: string): (string | null)[] {
  const { table } = core.compile({ routes: Buffer.from(document), file: name });
  if (table === null) throw new Error(`not a document: ${document}`);
  return hosts.map((host) => table.decide({ method: "GET", url: `http://${host}/` }).source);
}

const stamped = (document: string): string =>
  stampDocument(Buffer.from(document), { file }).toString("utf8");

test("a route and a rule, with and without a source of their own", () => {
  const document = `{ "version": 1,
  "services": { "routes": {}, "s": {} },
  "routes": [ {}, { "name": "ä\\"}😀", "hostnames": ["a.example"], "rules" : [ { "backends": [{ "service": "s" }] } ] },
    { "source": "own:1:2", "hostnames": ["b.example"], "name": "b", "rules": [ { "backends": [{ "service": "s" }] } ] },
    { "name": "c", "hostnames": ["c.example"], "rules": [ { "source": "rule:3:4", "backends": [{ "service": "s" }] }, {
      "matches": [ { "path": { "value": "/x" } } ] } ] } ] }`;
  const hosts = ["a.example", "b.example", "c.example"];
  const expected = sources(document, hosts, file);
  expect(expected.slice(1)).toEqual(["own:1:2", "rule:3:4"]);
  expect(sources(stamped(document), hosts, "elsewhere.json")).toEqual(expected);
  expect(stamped(document).split("\n").length).toBe(document.split("\n").length);
});

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 5 }),
  fc.constantFrom("source", "routes", "rules", '"', "\\", "{", "]", "😀"),
);
const rule = fc.record(
  {
    name,
    backends: fc.constant([{ service: "s" }]),
    filters: fc.constant([
      {
        type: "RequestHeaderModifier",
        requestHeaderModifier: { set: [{ name: "source", value: "{[" }] },
      },
    ]),
    source: fc.constant("own.yaml:1:1"),
  },
  { requiredKeys: ["backends"] },
);
const route = fc.record(
  {
    name,
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    source: fc.constant("own.yaml:2:2"),
  },
  { requiredKeys: ["name", "rules"] },
);

test("any document, however it is spaced", () => {
  const spacing = fc.constantFrom(undefined, 0, 1, 4, "\t");
  fc.assert(
    fc.property(fc.array(route, { maxLength: 4 }), spacing, (routes, space) => {
      const hosts = routes.map((_, index) => `h${index}.example`);
      const document = JSON.stringify(
        {
          version: 1,
          routes: routes.map((one, index) => ({
            ...one,
            name: `${index}${one.name}`,
            hostnames: [hosts[index]],
          })),
          services: { s: {} },
        },
        null,
        space,
      );
      expect(sources(stamped(document), hosts, "elsewhere.json")).toEqual(
        sources(document, hosts, file),
      );
    }),
    { seed: 8, numRuns: 500 },
  );
});
