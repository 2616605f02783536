/** The outer object of a document, found without touching a byte of it. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stampDocument } from "../src/apply/stamp.js";
import { readEnvelope, textAt } from "../src/sources/envelope.js";

const anObject = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
const indent = fc.constantFrom(undefined, 1, "\t");

describe("readEnvelope", () => {
  test("finds every value of every object", () => {
    fc.assert(
      fc.property(anObject, indent, (object, space) => {
        const text = JSON.stringify(object, null, space);
        const envelope = readEnvelope(text);
        const found = [...(envelope?.values ?? [])].map(([key, { start, end }]) => [
          key,
          JSON.parse(text.slice(start, end)),
        ]);
        // Through JSON, where -0 is 0.
        expect(Object.fromEntries(found)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ["an array", "[]"],
    ["nothing", ""],
    ["an unfinished object", '{"a": 1'],
    ["an unfinished string", '{"a": "b'],
    ["an unfinished list", '{"a": [1, {"b": "]"}'],
    ["a key without value", '{"a"}'],
    ["a key that is no text", "{a: 1}"],
  ])("%s is none", (_name, text) => {
    expect(readEnvelope(text)).toBeUndefined();
  });

  test("any text ends, whatever comes out", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Array.from('{}[]":,\\a1 \n'))), (characters) => {
        const text = characters.join("");
        const places = [...(readEnvelope(text)?.values.values() ?? [])];
        expect(places.every(({ start, end }) => start < end && end <= text.length)).toBe(true);
      }),
    );
  });

  test("of two equal keys the last one counts, and only text is text", () => {
    const text = '{"a": "x", "a": "y", "b": 1}';
    const envelope = readEnvelope(text);
    expect(envelope && textAt(text, envelope, "a")).toBe("y");
    expect(envelope && textAt(text, envelope, "b")).toBeUndefined();
    expect(envelope && textAt(text, envelope, "c")).toBeUndefined();
  });
});

describe("stampDocument", () => {
  const stamp = (text: string, ...rest: [Parameters<typeof stampDocument>[1]]): string =>
    stampDocument(Buffer.from(text), ...rest).toString("utf8");

  test("a generation goes onto the first line, and no line moves", () => {
    expect(stamp('{\n  "version": 1\n}\n', { generation: 7 })).toBe(
      '{"generation":7,\n  "version": 1\n}\n',
    );
  });

  test("the endpoints file gets our name, other bytes stay", () => {
    const text = '{ "version": 1,\t"endpointsFile" : "../b\\"c.json", "routes": [ ] }';
    expect(stamp(text, { endpointsFile: "endpoints.json", generation: 2 })).toBe(
      '{"generation":2, "version": 1,\t"endpointsFile" : "endpoints.json", "routes": [ ] }',
    );
  });

  test("a generation of null is none, and is written over", () => {
    expect(
      stamp('{"endpointsFile":"a","version":1,"generation": null}', {
        generation: 3,
        endpointsFile: "b",
      }),
    ).toBe('{"endpointsFile":"b","version":1,"generation": 3}');
  });

  test("nothing to say, nothing changed", () => {
    const text = '{"version":1,"1":2,"0":[1.0,1e3]}';
    expect(stamp(text, {})).toBe(text);
  });
});
