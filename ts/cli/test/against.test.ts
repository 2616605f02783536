/** A real server beside what the configuration says. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ghostctl } from "./run.js";

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const simulate = (address: string, ...words: string[]) =>
  ghostctl(["simulate", "-c", "examples/ghost.json", "--against", address, ...words]);

test("a server that does as it should", async () => {
  const asked: string[] = [];
  const address = await serve(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers.host} ${String(headers["x-a"])}`);
    response.writeHead(301, { location: "http://shop.example.com/cart" }).end();
  });
  const ran = await simulate(address, "-H", "x-a: 1", "http://shop.example.com/basket");
  expect(asked).toEqual(["GET /basket shop.example.com 1"]);
  expect(ran.out).toContain(`server at ${address} answered 301`);
  expect(ran).toMatchObject({ code: 0, err: "nothing differs that can be seen from outside\n" });
});

test("a server that does something else", async () => {
  const address = await serve((_request, response) => {
    response.writeHead(302, { location: "/" }).end();
  });
  const ran = await simulate(address, "-o", "json", "http://shop.example.com/basket");
  expect(ran.code).toBe(1);
  const { differences }: { differences: string[] } = JSON.parse(ran.out);
  expect(differences).toEqual([
    "the status is 302, expected 301 path exact /basket",
    "the location is /, expected http://shop.example.com/cart",
  ]);
});

test("a path is sent as it was typed", async () => {
  const asked: string[] = [];
  const address = await serve(({ url }, response) => {
    asked.push(url ?? "");
    response.writeHead(200).end();
  });
  await simulate(address, "http://shop.example.com/a/../b%7E?x=1#fragment");
  expect(asked).toEqual(["/a/../b%7E?x=1"]);
});
