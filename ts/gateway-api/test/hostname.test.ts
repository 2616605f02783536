import { describe, expect, test } from "vitest";
import { hostnamesIntersect, hostnamesWithin } from "../src/model/hostname.js";

describe("a listener's host and a route's", () => {
  test.each([
    [undefined, "a.example.com", true],
    ["", "*.example.com", true],
    ["a.example.com", "a.example.com", true],
    ["a.example.com", "b.example.com", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "a.b.example.com", true],
    ["*.example.com", "example.com", false],
    ["*.example.com", "notexample.com", false],
    ["*.example.com", "*.example.com", true],
    ["*.example.com", "*.a.example.com", true],
    ["*.a.example.com", "*.example.com", true],
    ["*.a.example.com", "*.b.example.com", false],
    ["a.example.com", "*.example.com", true],
    ["example.com", "*.example.com", false],
    ["a.b.example.com", "*.example.com", true],
  ])("%s and %s have a host in common: %s", (listener, route, expected) => {
    expect(hostnamesIntersect(listener, route)).toBe(expected);
  });

  test("hosts are kept in order of writing when one of the listeners answers for them", () => {
    const listeners = [{ hostname: "b.example.com" }, { hostname: "*.example.org" }];
    const hostnames = ["x.example.org", "a.example.com", "b.example.com"];
    expect(hostnamesWithin(listeners, hostnames)).toEqual(["x.example.org", "b.example.com"]);
  });
});
