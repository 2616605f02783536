import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isIP as isIpInBrowser } from "../src/engine/address.js";
import { formatOf } from "../src/engine/compile.js";
import { readQuestion } from "../src/engine/question.js";

test("header lines become pairs; values keep their colons", () => {
  const asked = readQuestion({
    method: "GET",
    url: "a.example/x",
    headers: "x-a: 1\n\nReferer: http://b:80/",
    draw: 0.5,
  });
  expect(asked).toEqual({
    request: {
      method: "GET",
      url: "http://a.example/x",
      headers: [
        ["x-a", "1"],
        ["Referer", "http://b:80/"],
      ],
    },
    options: { draw: 0.5 },
  });
});

test("what is missing is told", () => {
  const question = { method: "GET", url: "a", headers: "", draw: 0 };
  expect(readQuestion({ ...question, url: " " })).toEqual({ mistake: "Type a URL." });
  expect(readQuestion({ ...question, headers: "x-a: 1\nnothing" })).toEqual({
    mistake: 'Header line 2 has no "name: value".',
  });
});

test("a pasted text is taken for what it is", () => {
  expect(formatOf('  {"version": 1}')).toBe("ghost.json");
  expect(formatOf('{"apiVersion": "v1", "kind": "List"}')).toBe("manifests");
  expect(formatOf("apiVersion: v1")).toBe("manifests");
});

test("addresses are told apart as Node tells them", () => {
  const part = fc.constantFrom(
    "1",
    "255",
    "256",
    "0",
    "01",
    "::",
    ":",
    ".",
    "a",
    "ffff",
    "f",
    "%eth0",
    "1.2.3.4",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.array(part, { maxLength: 9 }).map((parts) => parts.join("")),
      ),
      (text) => {
        // Zones belong to one machine (RFC 4007, section 11); no EndpointSlice has them.
        fc.pre(!text.includes("%"));
        expect(isIpInBrowser(text)).toBe(isIP(text));
      },
    ),
    { seed: 20_261_121, numRuns: 5000 },
  );
});
