/** What a Pod serves, read over HTTP as an API server gives it: its own word decides which documents are meant. */

import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cut, indexConfigMap, shardConfigMap } from "@ghost-gateway/kubernetes";
import { ghostctl, temporaryFolder } from "./run.js";

const delivery = { namespace: "web", name: "edge-ghost", labels: {} };

function documents(service: string): Map<string, Uint8Array> {
  const routes = {
    version: 1,
    routes: [{ name: "web/shop", rules: [{ backends: [{ service }] }] }],
    services: { [service]: {} },
    endpointsFile: "endpoints.json",
  };
  const endpoints = {
    version: 1,
    services: { [service]: { endpoints: [{ address: "10.0.0.7", port: 8080 }] } },
  };
  return new Map([
    ["routes.json", Buffer.from(JSON.stringify(routes))],
    ["endpoints.json", Buffer.from(JSON.stringify(endpoints))],
  ]);
}

/** A Pod that says `acknowledged(n)` when it is asked for the nth time, and one delivery of generation 7. */
async function serve(acknowledged: (look: number) => string | undefined): Promise<string> {
  const { index, shards } = cut(documents("cart"), 7, 0);
  const configMaps = [...shards.values()].map((shard) => shardConfigMap(delivery, shard));
  let looks = 0;
  const answerTo = (path: string): object | undefined => {
    const name = path.split("/").at(-1) ?? "";
    if (path === "/api/v1/namespaces/web/pods/edge-1") {
      looks += 1;
      const said = acknowledged(looks);
      return {
        metadata: {
          namespace: "web",
          name,
          labels: { "ghost-gateway.io/gateway-uid": "u1" },
          annotations:
            said === undefined ? {} : { "ghost-gateway.io/acknowledged-generation": said },
        },
      };
    }
    if (path === "/api/v1/namespaces/web/pods/other")
      return { metadata: { namespace: "web", name } };
    if (name === "configmaps")
      return { metadata: { resourceVersion: "1" }, items: [indexConfigMap(delivery, index)] };
    return configMaps.find(({ metadata }) => metadata.name === name);
  };
  const server = createServer((request, response) => {
    const found = answerTo(new URL(request.url ?? "", "http://a").pathname);
    response
      .writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" })
      .end(
        JSON.stringify(
          found ?? { kind: "Status", code: 404, reason: "NotFound", message: "not there" },
        ),
      );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = join(await temporaryFolder(), "kubeconfig");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server: url, "insecure-skip-tls-verify": true } }],
      users: [{ name: "test", user: {} }],
    }),
  );
  return file;
}

const ask = async (kubeconfig: string, pod: string): ReturnType<typeof ghostctl> =>
  ghostctl([
    "simulate",
    "--pod",
    pod,
    "--kubeconfig",
    kubeconfig,
    "-o",
    "json",
    "http://shop.example/",
  ]);

test("the documents of the generation that the Pod says it serves are asked", async () => {
  const { code, out } = await ask(await serve(() => "7"), "web/edge-1");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ service: "cart", endpoint: "10.0.0.7:8080" });
});

test("while a generation is on its way the answer waits for it", async () => {
  const kubeconfig = await serve((look) => (look < 3 ? "6" : "7"));
  expect((await ask(kubeconfig, "web/edge-1")).code).toBe(0);
});

test("a Pod that is none of ours is told apart from one that is not there", async () => {
  const { code, err } = await ask(await serve(() => "7"), "web/other");
  expect([code, err]).toEqual([
    2,
    expect.stringContaining("web/other is no Pod of a Gateway of Ghost's"),
  ]);
});
