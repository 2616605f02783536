/** What a Pod with ghost-edge is given for a Gateway. */

import { expect, test } from "vitest";
import { createTranslator } from "@ghost-gateway/gateway-api";
import type { Ir, ListenerIr, TlsModel } from "@ghost-gateway/gateway-api";
import { edgeConfiguration, refusalOf } from "../src/edge/configuration.js";
import { servedFeatures } from "../src/edge/features.js";
import { EdgeFiles } from "../src/edge/files.js";

const secrets: Record<string, Record<string, string>> = {
  "a/one": { "tls.crt": "b25l", "tls.key": "a2V5" },
  "a/two": { "tls.crt": "dHdv", "tls.key": "a2V5" },
};

function filesOf(): EdgeFiles {
  return new EdgeFiles({
    secret: (key) => secrets[key],
    configMap: (key) => (key === "a/authorities" ? { "ca.crt": "authority" } : undefined),
  });
}

function irOf(
  listeners: readonly Partial<ListenerIr>[],
  services: Ir["services"] = {},
  clientCertificates: Ir["clientCertificates"] = {},
): Ir {
  const whole = listeners.map((listener, index): ListenerIr => ({
    name: `l${index}`,
    port: 80,
    protocol: "HTTP",
    object: "Gateway/a/g",
    ...listener,
  }));
  return { listeners: whole, routes: [], streams: [], services, clientCertificates };
}

const terminate = (secret: string): TlsModel => ({
  mode: "Terminate",
  certificates: [{ secret }],
});

test("listeners that share a port share a socket", () => {
  const ir = irOf([{}, { hostname: "b.example" }, { port: 8080 }]);
  const { listeners } = edgeConfiguration(ir, { files: filesOf(), drainSeconds: 290 });
  expect(listeners).toEqual([
    { name: "l0", port: 80, protocol: "http" },
    { name: "l2", port: 8080, protocol: "http" },
  ]);
});

test("each listener's certificate is shown for its name, and no other name is served", () => {
  const https = { port: 443, protocol: "HTTPS" as const };
  const files = filesOf();
  const ir = irOf([
    { ...https, hostname: "one.example", tls: terminate("a/one") },
    { ...https, hostname: "*.two.example", tls: terminate("a/two") },
  ]);
  const [listener] = edgeConfiguration(ir, { files, drainSeconds: 290 }).listeners;
  expect(listener).toMatchObject({
    tls: {
      certificates: [{ server_name: "one.example" }, { server_name: "*.two.example" }],
      unknown_names: "refuse",
    },
  });
  expect(Object.values(files.secretData).toSorted()).toEqual(["a2V5", "a2V5", "b25l", "dHdv"]);
});

test("a listener for every name shows its certificate where no other has one", () => {
  const https = { port: 443, protocol: "HTTPS" as const };
  // Whatever names the certificate of the first has, the second's is the second's.
  const ir = irOf([
    { ...https, tls: terminate("a/two") },
    { ...https, hostname: "one.example", tls: terminate("a/one") },
  ]);
  const [listener] = edgeConfiguration(ir, { files: filesOf(), drainSeconds: 290 }).listeners;
  expect(listener).toMatchObject({
    tls: {
      certificates: [{ server_name: "one.example" }, { default: true }],
      unknown_names: "default",
    },
  });
});

test("a listener whose Secret went away is not opened, and the edge stays configured", () => {
  const ir = irOf([{ port: 443, protocol: "HTTPS", tls: terminate("a/none") }]);
  const { listeners } = edgeConfiguration(ir, { files: filesOf(), drainSeconds: 290 });
  expect(listeners.map(({ name }) => name)).toEqual(["idle"]);
});

test("a rotated certificate is another file", () => {
  const names = (): string[] => {
    const files = filesOf();
    files.certificate({ secret: "a/one" });
    return Object.keys(files.secretData);
  };
  const before = names();
  secrets["a/one"] = { "tls.crt": "bmV3", "tls.key": "a2V5" };
  expect(names()).not.toEqual(before);
});

test("a service with a TLS policy is believed by its names and authorities alone", () => {
  const tls = {
    policy: "a/p",
    hostname: "backend.example",
    subjectAltNames: [
      { type: "URI" as const, uri: "spiffe://a" },
      { type: "Hostname" as const, hostname: "san.example" },
    ],
    trust: [{ configMap: "a/authorities" }],
  };
  const services = {
    "a/s:443": { object: "Service/a/s", protocol: "tls" as const, tls, endpoints: [] },
  };
  const ir = irOf([{}], services, { "a/g": { secret: "a/two" } });
  const { policies } = edgeConfiguration(ir, { files: filesOf(), drainSeconds: 290 });
  expect(policies).toEqual({
    "a/s:443": {
      tls: {
        server_name: "backend.example",
        subject_alt_names: ["san.example"],
        ca_files: [expect.stringMatching(/^authorities\/[0-9a-f]{32}\.pem$/)],
        cert: expect.stringMatching(/^tls\/[0-9a-f]{32}\.crt$/),
        key: expect.stringMatching(/^tls\/[0-9a-f]{32}\.key$/),
      },
    },
  });
});

test("connections are passed on by name, in shares of weight over endpoints", () => {
  const endpoint = (address: string): Ir["services"][string]["endpoints"][number] => ({
    address,
    port: 443,
    state: "ready",
    object: "EndpointSlice/a/s",
  });
  const service = (...addresses: readonly string[]): Ir["services"][string] => ({
    object: "Service/a/s",
    protocol: "tcp",
    endpoints: addresses.map(endpoint),
  });
  const tls = { mode: "Passthrough" as const, certificates: [] };
  const ir: Ir = {
    ...irOf([{ port: 443, protocol: "TLS", hostname: "*.example", tls }]),
    services: { "a/one:443": service("10.0.0.1", "fd00::1"), "a/two:443": service("10.0.0.2") },
    streams: [
      {
        kind: "TLSRoute",
        name: "a/shop",
        listeners: ["l0"],
        hostnames: ["shop.example", "other.invalid"],
        rules: [
          {
            backends: [
              { service: "a/one:443", weight: 1 },
              { service: "a/two:443", weight: 1 },
              { service: "a/gone:443", weight: 1, invalid: "BackendNotFound" },
            ],
          },
        ],
      },
    ],
  };
  const { listeners, upstream } = edgeConfiguration(ir, { files: filesOf(), drainSeconds: 290 });
  expect(listeners).toEqual([
    {
      name: "l0",
      port: 443,
      protocol: "tls",
      passthrough: [{ server_name: "shop.example", upstream: "TLSRoute/a/shop" }],
    },
  ]);
  expect(upstream).toMatchObject({
    "TLSRoute/a/shop": {
      backends: [
        { address: "10.0.0.1:443", weight: 500_000 },
        { address: "[fd00::1]:443", weight: 500_000 },
        { address: "10.0.0.2:443", weight: 1_000_000 },
      ],
    },
  });
});

test("a name that no backend is behind is closed, and names are the narrower of listener and route", () => {
  const tls = { mode: "Passthrough" as const, certificates: [] };
  const listener = { port: 443, protocol: "TLS" as const, hostname: "*.deep.example", tls };
  const stream = {
    kind: "TLSRoute" as const,
    name: "a/all",
    listeners: ["l0"],
    hostnames: ["*.example"],
    rules: [
      { backends: [{ service: "a/gone:1", weight: 1, invalid: "BackendNotFound" as const }] },
    ],
  };
  const options = { files: filesOf(), drainSeconds: 290 };
  const routed = edgeConfiguration({ ...irOf([listener]), streams: [stream] }, options);
  expect(routed.listeners[0]?.passthrough).toEqual([
    { server_name: "*.deep.example", upstream: "TLSRoute/a/all" },
  ]);
  expect(routed.upstream?.["TLSRoute/a/all"]).toEqual(routed.upstream?.["nowhere"]);
  const unrouted = edgeConfiguration(irOf([listener]), options);
  expect(unrouted.listeners[0]?.passthrough).toEqual([
    { server_name: "nobody.invalid", upstream: "nowhere" },
  ]);
});

test("a GatewayClass publishes no feature of a protocol that is not served", () => {
  expect(refusalOf("UDP", undefined)).toBe("UnsupportedProtocol");
  expect(refusalOf("TLS", "Terminate")).toBe("UnsupportedValue");
  for (const name of ["UDPRoute", "TLSRouteModeTerminate"])
    expect(servedFeatures).not.toContain(name);
  const translator = createTranslator({ features: servedFeatures });
  const metadata = { name: "ghost", generation: 1 };
  const spec = { controllerName: "ghost-gateway.io/controller" };
  const object = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata,
    spec,
  };
  const { statuses } = translator.update({ changed: [{ object }], removed: [] });
  const [status] = statuses;
  expect(status?.kind === "GatewayClass" && status.status.supportedFeatures).toEqual(
    servedFeatures.map((name) => ({ name })),
  );
});
