/** Which sockets are opened for which document and `--listen`. */

import { describe, expect, test } from "vitest";
import { parseListen, planListeners } from "../src/engine/listeners.js";
import type { DocumentListener, ListenerPlan, ListenOption } from "../src/engine/listeners.js";

describe("--listen", () => {
  test.each<[string, ListenOption]>([
    ["8080", { address: "127.0.0.1:8080" }],
    [":8080", { address: ":8080" }],
    ["0.0.0.0:80", { address: "0.0.0.0:80" }],
    ["localhost:0", { address: "localhost:0" }],
    ["[::1]:8080", { address: "[::1]:8080" }],
    ["/run/a.sock", { address: "/run/a.sock" }],
    ["admin=9000", { name: "admin", address: "127.0.0.1:9000" }],
    ["ns/gw/http=9000", { name: "ns/gw/http", address: "127.0.0.1:9000" }],
    ["admin=/run/a=b.sock", { name: "admin", address: "/run/a=b.sock" }],
  ])("%s", (text, option) => {
    expect(parseListen(text)).toEqual(option);
  });

  test.each([
    "",
    "http",
    "127.0.0.1",
    "127.0.0.1:65536",
    "127.0.0.1:8080,PROXY",
    "/run/a.sock,mode=666",
    "::1:8080",
    "[127.0.0.1]:80",
    "a b:80",
    "name=",
    "/run/a\nb",
  ])("%j is refused", (text) => {
    expect(parseListen(text)).toMatch(/is no listen address/);
  });
});

const http = { name: "http", port: 80, protocol: "HTTP" };
const admin = { name: "admin", port: 9000, protocol: "HTTP" };
const https = { name: "https", port: 443, protocol: "HTTPS" };

function plan(document: readonly DocumentListener[], ...listen: string[]): ListenerPlan {
  return planListeners(
    document,
    listen.map((text) => {
      const option = parseListen(text);
      if (typeof option === "string") throw new Error(option);
      return option;
    }),
  );
}

describe("sockets", () => {
  test.each<[string, readonly DocumentListener[], string[], string[]]>([
    ["a document without listeners has one", [], [], ["http=127.0.0.1:8080"]],
    ["which can be put elsewhere", [], ["9000"], ["http=127.0.0.1:9000"]],
    ["and be named", [], ["front=9000"], ["front=127.0.0.1:9000"]],
    [
      "each listener has a port",
      [http, admin],
      [],
      ["http=127.0.0.1:8080", "admin=127.0.0.1:8081"],
    ],
    [
      "addresses without names go in order",
      [http, admin],
      ["1", "2"],
      ["http=127.0.0.1:1", "admin=127.0.0.1:2"],
    ],
    ["names first", [http, admin], ["1", "http=2"], ["http=127.0.0.1:2", "admin=127.0.0.1:1"]],
    ["one port is one socket", [http, { ...http, name: "shop" }], [], ["http=127.0.0.1:8080"]],
    ["by any of its names", [http, { ...http, name: "shop" }], ["shop=1"], ["http=127.0.0.1:1"]],
    ["no TLS", [https, http], [], ["http=127.0.0.1:8080"]],
    ["unless asked for", [https, http], ["https=1"], ["https=127.0.0.1:1", "http=127.0.0.1:8081"]],
  ])("%s", (_name, document, listen, expected) => {
    const { listeners, problems } = plan(document, ...listen);
    expect(listeners.map(({ name, address }) => `${name}=${address}`)).toEqual(expected);
    expect(problems).toEqual([]);
  });

  test.each<[string, readonly DocumentListener[], string[], RegExp]>([
    ["an unknown name", [http], ["web=1"], /no listener "web"; there are: http/],
    ["too many addresses", [http], ["1", "2"], /no listener is left for the address 127.0.0.1:2/],
    ["an empty name", [{ ...http, name: "" }], [], /name is empty or too long/],
    ["a name without end", [{ ...http, name: "n".repeat(600) }], [], /name is empty or too long/],
  ])("%s is a problem", (_name, document, listen, message) => {
    expect(plan(document, ...listen).problems).toEqual([expect.stringMatching(message)]);
  });

  test("what is not opened is told", () => {
    expect(plan([https, http]).notices).toEqual([
      expect.stringMatching(/"https" is not opened.*no HTTPS/),
    ]);
  });
});
