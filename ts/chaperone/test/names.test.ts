/** Names by a real DNS server on loopback that changes its answers, fails and lies. */

import { expect, onTestFinished, test } from "vitest";
import { dnsLookup } from "../src/names/lookup.js";
import { Names } from "../src/names/names.js";
import { isNetwork, targetPolicy } from "../src/names/targets.js";
import { serveDns } from "./dns.js";
import type { DnsServer } from "./dns.js";

interface Kept {
  readonly names: Names;
  readonly told: string[];
  /** Resolves when something new was told. */
  readonly next: () => Promise<string>;
}

function keep(dns: DnsServer, least = 1): Kept {
  const told: string[] = [];
  const waiting: string[] = [];
  let wake = (): void => undefined;
  const tell = (words: string): void => {
    told.push(words);
    waiting.push(words);
    wake();
  };
  const names = new Names({
    lookup: dnsLookup([dns.address]),
    isAllowed: targetPolicy([]),
    onAddresses: (service, addresses) => tell(`${service}: ${addresses.toSorted().join(" ")}`),
    onFailure: (hostname, reason) => tell(`${hostname}: ${reason === undefined ? "good" : "bad"}`),
    times: { least, most: 50 },
  });
  onTestFinished(() => names.end());
  const next = async (): Promise<string> => {
    if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift() ?? "";
  };
  return { names, told, next };
}

const api = { service: "api", hostname: "api.example.com", port: 80 };

test("both families, and again when the answer ends", async () => {
  const dns = await serveDns();
  dns.answer = { addresses: ["192.0.2.1", "2001:db8::1"], ttl: 0 };
  const { names, next } = keep(dns);
  names.follow([api]);
  expect(await next()).toBe("api: 192.0.2.1 2001:db8::1");
  dns.answer = { addresses: ["192.0.2.2"], ttl: 0 };
  while ((await next()) !== "api: 192.0.2.2");
});

test.each([
  ["SERVFAIL", { code: 2 }],
  ["NXDOMAIN", { code: 3 }],
  ["no address", { addresses: [], ttl: 0 }],
  ["loopback", { addresses: ["127.0.0.1"], ttl: 0 }],
])("%s is told once, and the last good addresses stay", async (_name, fault) => {
  const dns = await serveDns();
  dns.answer = { addresses: ["192.0.2.1"], ttl: 0 };
  const { names, told, next } = keep(dns);
  names.follow([api]);
  expect(await next()).toBe("api: 192.0.2.1");
  dns.answer = fault;
  while ((await next()) !== "api.example.com: bad");
  const asked = dns.asked.length;
  await expect.poll(() => dns.asked.length).toBeGreaterThan(asked + 4);
  expect(names.failing).toMatchObject([{ hostname: "api.example.com" }]);
  dns.answer = { addresses: ["192.0.2.3"], ttl: 0 };
  while ((await next()) !== "api: 192.0.2.3");
  expect(told.filter((words) => words.startsWith("api.example.com"))).toEqual([
    "api.example.com: bad",
    "api.example.com: good",
  ]);
  expect(new Set(told.filter((words) => words.startsWith("api:")))).toEqual(
    new Set(["api: 192.0.2.1", "api: 192.0.2.3"]),
  );
});

test("a name that several services have is asked for once, and a late one gets what is known", async () => {
  const dns = await serveDns();
  dns.answer = { addresses: ["192.0.2.1"], ttl: 60 };
  const { names, next } = keep(dns, 50);
  names.follow([api, { ...api, service: "two" }]);
  expect([await next(), await next()]).toEqual(["api: 192.0.2.1", "two: 192.0.2.1"]);
  names.follow([api, { ...api, service: "three" }]);
  expect(await next()).toMatch(/^(api|three): 192\.0\.2\.1$/);
  expect(names.size).toBe(1);
});

test("what is not asked for any more is not looked up any more", async () => {
  const dns = await serveDns();
  dns.answer = { addresses: ["192.0.2.1"], ttl: 0 };
  const { names, next } = keep(dns);
  names.follow([api]);
  await next();
  names.follow([{ ...api, hostname: "other.example.com" }]);
  const before = dns.asked.filter((asked) => asked.startsWith("api")).length;
  await expect
    .poll(() => dns.asked.filter((asked) => asked.startsWith("other")).length)
    .toBeGreaterThan(8);
  // One question may have been on its way.
  expect(dns.asked.filter((asked) => asked.startsWith("api")).length).toBeLessThanOrEqual(
    before + 2,
  );
});

test.each([
  ["192.0.2.1", true],
  ["10.0.0.1", true],
  ["2001:db8::1", true],
  ["127.0.0.53", false],
  ["169.254.169.254", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["::1", false],
  ["::", false],
  ["fe80::1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:a9fe:a9fe", false],
  ["shop", false],
])("a name may lead to %s: %s", (address, expected) => {
  expect(targetPolicy([])(address)).toBe(expected);
});

test("what is refused can be allowed by network", () => {
  expect(targetPolicy(["127.0.0.0/8"])("127.0.0.1")).toBe(true);
  expect(targetPolicy(["127.0.0.0/8"])("169.254.169.254")).toBe(false);
  expect(
    ["10.0.0.0/8", "fd00::/8", "10.0.0.0/33", "10.0.0.0", "x/8", "::/129"].map(isNetwork),
  ).toEqual([true, true, false, false, false, false]);
});
