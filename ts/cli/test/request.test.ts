import { expect, test } from "vitest";
import { parseHeader, parseUrl } from "../src/request.js";

test.each<[string, [string, string]]>([
  ["x-a: 1", ["x-a", "1"]],
  ["x-a:1", ["x-a", "1"]],
  ["X-A : a: b ", ["X-A", "a: b"]],
  ["x-empty:", ["x-empty", ""]],
])("header %j", (line, header) => {
  expect(parseHeader(line)).toEqual(header);
});

test.each(["", ":", ": value", "name", "na me: value", "name: a\nb: c", "näme: v", "a: \0"])(
  "header %j is refused",
  (line) => {
    expect(() => parseHeader(line)).toThrow("-H ");
  },
);

test.each<[string, string]>([
  ["http://a/b", "http://a/b"],
  ["HTTPS://a/b", "HTTPS://a/b"],
  ["a.example/b", "http://a.example/b"],
  ["a.example:8080", "http://a.example:8080"],
  ["http://a/%2e%2E/../b?c#d", "http://a/%2e%2E/../b?c#d"],
])("URL %j goes to the core as %j", (url, expected) => {
  expect(parseUrl(url, [])).toBe(expected);
});

test("a path needs a host", () => {
  expect(() => parseUrl("/a", [["x-a", "1"]])).toThrow("is a path");
  expect(parseUrl("/a", [["HOST", "b"]])).toBe("/a");
});

test.each(["", "http://a/b c", "http://a/\n", "ftp://a/", "file:///etc"])(
  "URL %j is refused",
  (url) => {
    expect(() => parseUrl(url, [])).toThrow(/is no URL|the scheme is http or https/);
  },
);
