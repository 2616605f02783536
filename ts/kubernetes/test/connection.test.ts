/** Requests on one connection, one after the other. */

import { afterEach, expect, test } from "vitest";
import { get, remove } from "../src/operations.js";
import { resources } from "../src/resource.js";
import { ScriptedServer } from "./scripted-server.js";
import type { Act } from "./scripted-server.js";

let server: ScriptedServer;
afterEach(async () => {
  await server.stop();
});

const answer: Act = (request, response) => {
  request.resume();
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end('{"metadata":{"name":"one"}}');
  });
};

test("what follows a DELETE with a body is a request of its own", async () => {
  server = await ScriptedServer.start([answer, answer, answer]);
  const connection = server.connection();
  const at = { namespace: "a", name: "one" };
  await remove(connection, resources.configMaps, at, { uid: "b" });
  expect(await get(connection, resources.configMaps, at)).toEqual({ metadata: { name: "one" } });
  await remove(connection, resources.configMaps, at);
  expect(server.requests).toEqual([
    "DELETE /api/v1/namespaces/a/configmaps/one",
    "GET /api/v1/namespaces/a/configmaps/one",
    "DELETE /api/v1/namespaces/a/configmaps/one",
  ]);
});
