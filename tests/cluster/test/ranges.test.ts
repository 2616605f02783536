import { expect, test } from "vitest";
import { AddressPool, isInRange, overlaps, rangesOf } from "../src/network/ranges.ts";

test("the parts of a cluster's range lie in it and apart from each other", () => {
  const { whole, pods, services, loadBalancers, node, machineEnd, clusterEnd } = rangesOf(130);
  for (const range of [pods, services, loadBalancers]) expect(overlaps(range, whole)).toBe(true);
  expect(
    overlaps(pods, services) || overlaps(services, loadBalancers) || overlaps(pods, loadBalancers),
  ).toBe(false);
  for (const address of [node, machineEnd, clusterEnd])
    expect(isInRange(address, whole)).toBe(true);
  expect(overlaps(whole, rangesOf(131).whole)).toBe(false);
  expect(overlaps("10.0.0.0/8", whole)).toBe(true);
  expect(overlaps("10.130.7.7", whole)).toBe(true);
});

test("a pool gives each address once, takes them back, and ends", () => {
  const pool = new AddressPool("10.9.0.0/29", 2);
  expect(pool.reserve("10.9.0.4")).toBe(true);
  expect(pool.reserve("10.9.0.4")).toBe(false);
  expect(pool.reserve("10.9.0.9")).toBe(false);
  const given = [pool.take(), pool.take(), pool.take(), pool.take()];
  expect(given).toEqual(["10.9.0.2", "10.9.0.3", "10.9.0.5", "10.9.0.6"]);
  expect(() => pool.take()).toThrow("in use");
  pool.release("10.9.0.3");
  expect(pool.take()).toBe("10.9.0.3");
});
