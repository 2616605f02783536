/** The translator: changes come to the same as all objects at once, and what stays is the same object. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTranslator, readObjects, translate } from "../src/index.js";
import type { Changes, LocatedObject, ObjectName, Translation } from "../src/index.js";
import { names, readCase } from "./cases.js";
import { gateway, gatewayObject, located, routeWith } from "./objects.js";

/** Objects of several cases of one kind of world, by name. */
const pool: readonly LocatedObject[] = (() => {
  const all = names(".in.yaml")
    .map(readCase)
    .flatMap(({ files }) => readObjects(files).objects)
    .map(({ object }) => ({ object }));
  return [...new Map(all.map((one) => [JSON.stringify(nameOf(one)), one])).values()];
})();

function nameOf({ object }: LocatedObject): ObjectName {
  const metadata: unknown = object["metadata"];
  const { name, namespace } = { name: "", namespace: "default", ...Object(metadata) };
  const isCluster = ["GatewayClass", "Namespace"].includes(object.kind);
  return { kind: object.kind, namespace: isCluster ? "" : String(namespace), name: String(name) };
}

function essence({
  ir,
  document,
  infrastructure,
  statuses,
}: Omit<Translation, "forGateway">): unknown {
  return { ir, document, infrastructure, statuses };
}

describe("changes one after the other", () => {
  const step = fc.record({
    which: fc.nat(pool.length - 1),
    isRemoved: fc.boolean(),
  });

  test("come to the same as what is left, at once", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const translator = createTranslator();
        const present = new Map<LocatedObject, LocatedObject>();
        let result = translator.update({});
        for (const { which, isRemoved } of steps) {
          const object = pool[which];
          if (object === undefined) continue;
          const changes: Changes = isRemoved
            ? { removed: [nameOf(object)] }
            : { changed: [object] };
          if (isRemoved) present.delete(object);
          else present.set(object, object);
          result = translator.update(changes);
        }
        expect(essence(result)).toEqual(essence(translate([...present.values()])));
      }),
      { numRuns: 150 },
    );
  });

  test("in steps come to the same as at one go", async () => {
    const expected = essence(translate(pool));
    let pauses = 0;
    const stepped = createTranslator().updateInSteps({ changed: pool }, () => {
      pauses += 1;
      return Promise.resolve();
    });
    expect(essence(await stepped)).toEqual(expected);
    expect(pauses).toBeGreaterThan(pool.length);
  });

  test("wait for each other", async () => {
    const translator = createTranslator();
    const pause = (): Promise<void> => Promise.resolve();
    const first = translator.updateInSteps({ changed: [gateway, service] }, pause);
    const second = translator.updateInSteps({ changed: [route("a")] }, pause);
    expect((await first).document.routes).toEqual([]);
    expect((await second).document.routes).toHaveLength(1);
  });
});

const service = located({
  apiVersion: "v1",
  kind: "Service",
  metadata: { namespace: "shop", name: "cart" },
  spec: { ports: [{ port: 80 }] },
});

function route(name: string, path = "/"): LocatedObject {
  return routeWith(
    { matches: [{ path: { value: path } }], backendRefs: [{ name: "cart", port: 80 }] },
    name,
  );
}

describe("what did not change is the very same object", () => {
  test("after no change: everything", () => {
    const translator = createTranslator();
    const first = translator.update({ changed: [gateway, service, route("a"), route("b")] });
    const second = translator.update({});
    const keys = ["ir", "document", "infrastructure", "statuses", "diagnostics"] as const;
    expect(keys.filter((key) => second[key] !== first[key])).toEqual([]);
  });

  test("after one route: all other routes, all services, all other statuses", () => {
    const translator = createTranslator();
    const first = translator.update({ changed: [gateway, service, route("a"), route("b")] });
    const second = translator.update({ changed: [route("b", "/new")] });
    expect(second.document.routes[0]).toBe(first.document.routes[0]);
    expect(second.document.routes[1]).not.toEqual(first.document.routes[1]);
    expect(second.document.services).toBe(first.document.services);
    expect(second.statuses.slice(0, 2)).toEqual(first.statuses.slice(0, 2));
    expect(second.statuses[0]).toBe(first.statuses[0]);
    expect(second.statuses[1]).toBe(first.statuses[1]);
  });

  test("after a status was written: everything", () => {
    const at = (resourceVersion: string): LocatedObject =>
      located({
        ...gatewayObject("Gateway", "shop", "web", gateway.object["spec"]).object,
        metadata: { namespace: "shop", name: "web", uid: "u", generation: 1, resourceVersion },
        status: { conditions: [resourceVersion] },
      });
    const translator = createTranslator();
    const first = translator.update({ changed: [at("1"), service, route("a")] });
    expect(translator.update({ changed: [at("2")] }).ir).toBe(first.ir);
  });

  test("for each Gateway on its own, too", () => {
    const other = gatewayObject("Gateway", "shop", "other", gateway.object["spec"]);
    const translator = createTranslator();
    const objects = [gateway, other, service, route("a")];
    const first = translator.update({ changed: objects }).forGateway("shop/web");
    const second = translator.update({}).forGateway("shop/web");
    expect(first?.document.listeners.map(({ name }) => name)).toEqual(["http"]);
    expect(second?.ir).toBe(first?.ir);
    expect(first?.documents.endpoints.services).toEqual({ "shop/cart:80": { endpoints: [] } });
    expect(translator.update({}).forGateway("shop/nowhere")).toBeUndefined();
  });
});

test("no byte of a Secret is in what comes out", () => {
  const secret = Buffer.from("-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n").toString("base64");
  const withSecret = located({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "shop", name: "cert" },
    data: { "tls.crt": secret, "tls.key": secret },
  });
  const https = gatewayObject("Gateway", "shop", "web", {
    gatewayClassName: "ghost",
    listeners: [
      { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "cert" }] } },
    ],
  });
  const said = JSON.stringify(essence(translate([https, withSecret, service, route("a")])));
  expect(said).toContain("InvalidCertificateRef");
  expect(said).not.toMatch(/hunter2|BEGIN/);
  expect(said).not.toContain(secret.slice(0, 20));
});
