import { decode, encode } from "dns-packet";
import { describe, expect, test } from "vitest";
import { lookUp, type NameSource } from "../src/network/names.ts";
import { answer } from "../src/network/name-server.ts";
import { serviceOf, sliceOf } from "./objects.ts";

const services = new Map(
  [
    serviceOf("web", { clusterIP: "10.130.64.9" }),
    serviceOf("bare", { clusterIP: "None" }),
    serviceOf("away", { type: "ExternalName", externalName: "far.example" }),
  ].map((service) => [`shop/${service.metadata.name}`, service]),
);
const endpoints = [
  { addresses: ["10.130.0.3"], hostname: "one" },
  { addresses: ["10.130.0.2"], hostname: "two" },
  { addresses: ["10.130.0.4"], conditions: { ready: false } },
];
const source: NameSource = {
  service: (key) => services.get(key),
  slices: () => [sliceOf("bare", { endpoints })],
};

describe("names", () => {
  test.each([
    ["web.shop.svc.cluster.local", { kind: "addresses", addresses: ["10.130.64.9"] }],
    ["WEB.shop.svc.cluster.local.", { kind: "addresses", addresses: ["10.130.64.9"] }],
    ["bare.shop.svc.cluster.local", { kind: "addresses", addresses: ["10.130.0.2", "10.130.0.3"] }],
    ["two.bare.shop.svc.cluster.local", { kind: "addresses", addresses: ["10.130.0.2"] }],
    ["three.bare.shop.svc.cluster.local", { kind: "unknown" }],
    ["away.shop.svc.cluster.local", { kind: "alias", name: "far.example" }],
    ["web.other.svc.cluster.local", { kind: "unknown" }],
    ["web.shop.svc", { kind: "unknown" }],
    ["example.com", { kind: "unknown" }],
  ])("%s", (name, expected) => {
    expect(lookUp(name, source)).toEqual(expected);
  });
});

describe("answers", () => {
  const ask = (name: string, type: "A" | "AAAA" = "A") => {
    const reply = answer(encode({ type: "query", id: 7, questions: [{ type, name }] }), source);
    return reply && decode(reply);
  };

  test("carry the question, its number and the addresses", () => {
    const reply = ask("web.shop.svc.cluster.local");
    expect(reply).toMatchObject({ id: 7, type: "response", rcode: "NOERROR" });
    expect(reply?.answers).toMatchObject([{ type: "A", data: "10.130.64.9" }]);
  });

  test("say that a name exists without addresses of that kind, or not at all", () => {
    expect(ask("web.shop.svc.cluster.local", "AAAA")).toMatchObject({
      rcode: "NOERROR",
      answers: [],
    });
    expect(ask("nobody.shop.svc.cluster.local")).toMatchObject({ rcode: "NXDOMAIN", answers: [] });
  });

  test("are not given to what is no question", () => {
    expect(answer(Buffer.from("x"), source)).toBeUndefined();
    expect(answer(encode({ type: "query", id: 1, questions: [] }), source)).toBeUndefined();
  });
});
