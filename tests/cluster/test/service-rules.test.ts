import { describe, expect, test } from "vitest";
import { rangesOf } from "../src/network/ranges.ts";
import { serviceRules, targetsOf } from "../src/network/service-rules.ts";
import { serviceOf, sliceOf } from "./objects.ts";

const ranges = rangesOf(130);
const web = serviceOf("web", { clusterIP: "10.130.64.9", ports: [{ port: 80 }] }, "10.130.128.1");
const endpoint = (address: string, conditions = {}) => ({ addresses: [address], conditions });
const ports = [{ port: 3000, protocol: "TCP" }];

describe("targets of a port", () => {
  const port = { port: 80 };

  test("are the ready endpoints", () => {
    const endpoints = [endpoint("10.130.0.2"), endpoint("10.130.0.3", { ready: false })];
    expect(targetsOf(port, [sliceOf("web", { endpoints, ports })])).toEqual([
      { address: "10.130.0.2", port: 3000 },
    ]);
  });

  test("are those that serve while they terminate, when none is ready", () => {
    const leaving = { ready: false, serving: true, terminating: true };
    const endpoints = [endpoint("10.130.0.2", leaving), endpoint("10.130.0.3", { ready: false })];
    expect(targetsOf(port, [sliceOf("web", { endpoints, ports })])).toEqual([
      { address: "10.130.0.2", port: 3000 },
    ]);
  });

  test("belong to the port of the same name and protocol", () => {
    const named = [
      { name: "a", port: 1 },
      { name: "b", port: 2 },
    ];
    const slice = sliceOf("web", { endpoints: [endpoint("10.130.0.2")], ports: named });
    expect(targetsOf({ port: 80, name: "b" }, [slice])).toEqual([
      { address: "10.130.0.2", port: 2 },
    ]);
    expect(targetsOf({ port: 80, name: "b", protocol: "UDP" }, [slice])).toEqual([]);
  });
});

describe("rules", () => {
  test("lead every address of a Service to its endpoints", () => {
    const slices = [sliceOf("web", { endpoints: [endpoint("10.130.0.2")], ports })];
    const rules = serviceRules([web], slices, ranges);
    expect(rules).toMatch(/10\.130\.64\.9 \. tcp \. 80 : goto (port-[0-9a-f]+),/);
    expect(rules).toMatch(/10\.130\.128\.1 \. tcp \. 80 : goto port-[0-9a-f]+/);
    expect(rules).toContain("dnat ip to 10.130.0.2:3000");
  });

  test("name no Service without endpoints, so that it is refused", () => {
    const rules = serviceRules([web], [], ranges);
    expect(rules).not.toContain("10.130.64.9");
    expect(rules).toContain("reject with tcp reset");
  });

  test("pay no heed to slices of another namespace or family", () => {
    const slice = sliceOf("web", { endpoints: [endpoint("10.130.0.2")], ports });
    const foreign = { ...slice, metadata: { ...slice.metadata, namespace: "other" } };
    const modern = { ...slice, addressType: "IPv6" };
    expect(serviceRules([web], [foreign, modern], ranges)).toBe(serviceRules([web], [], ranges));
  });

  test("do not depend on the order of objects", () => {
    const other = serviceOf("api", { clusterIP: "10.130.64.10", ports: [{ port: 80 }] });
    const slices = [
      sliceOf("web", { endpoints: [endpoint("10.130.0.2")], ports }),
      sliceOf("api", { endpoints: [endpoint("10.130.0.3")], ports }),
    ];
    expect(serviceRules([web, other], slices, ranges)).toBe(
      serviceRules([other, web], slices.toReversed(), ranges),
    );
  });

  test("give an address and port that two Services claim to the first by name", () => {
    const both = ["a", "b"].map((name) =>
      serviceOf(name, { clusterIP: "None", externalIPs: ["10.130.130.1"], ports: [{ port: 80 }] }),
    );
    const slices = ["a", "b"].map((name, index) =>
      sliceOf(name, { endpoints: [endpoint(`10.130.0.${index + 2}`)], ports }),
    );
    const rules = serviceRules(both, slices, ranges);
    const [, chain = ""] = /10\.130\.130\.1 \. tcp \. 80 : goto (\S+)/.exec(rules) ?? [];
    expect(rules).toContain(`chain ${chain}-0 {\n    ip saddr 10.130.0.2 `);
    expect(rules.match(/10\.130\.130\.1 \./g)).toHaveLength(1);
  });
});
