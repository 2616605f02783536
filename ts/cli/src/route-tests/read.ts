/** Files of route tests, read and checked: what is wrong is told with its place. */

import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { isMap, isSeq, LineCounter, parseDocument } from "yaml";
import type { DecideOptions, RequestInput } from "@ghost-gateway/core";
import { usageFailure } from "../exit.js";
import { parseHeader, parseUrl } from "../request.js";

/** What a test may say of a decision. A null says that there must be none. */
export interface Expectation {
  readonly action?: string;
  readonly status?: number | null;
  readonly location?: string | null;
  readonly listener?: string | null;
  readonly route?: string | null;
  readonly rule?: string | null;
  readonly match?: number | null;
  readonly service?: string | null;
  readonly endpoint?: string | null;
  readonly why?: string;
  /** Parts of the request as the service sees it. */
  readonly request?: {
    readonly method?: string;
    readonly host?: string;
    readonly path?: string;
    readonly query?: string;
    /** Null: absent. */
    readonly headers?: Readonly<Record<string, string | null>>;
  };
  /** Null: removed. */
  readonly responseHeaders?: Readonly<Record<string, string | null>>;
  /** Percent by service. */
  readonly split?: Readonly<Record<string, number>>;
  /** Percentage points by which a share may be off; 1 unless said. */
  readonly tolerance?: number;
}

export interface RouteTest {
  readonly name: string;
  readonly line: number;
  readonly request: RequestInput;
  readonly options: DecideOptions;
  readonly expect: Expectation;
}

export interface RouteTestFile {
  readonly file: string;
  /** A document, or manifests: paths as they are from here. */
  readonly config: string | undefined;
  readonly manifests: readonly string[] | undefined;
  readonly tests: readonly RouteTest[];
}

const expectationKeys = new Set<string>([
  "action",
  "status",
  "location",
  "listener",
  "route",
  "rule",
  "match",
  "service",
  "endpoint",
  "why",
  "request",
  "responseHeaders",
  "split",
  "tolerance",
] satisfies (keyof Expectation)[]);
const requestKeys = new Set(["method", "host", "path", "query", "headers"]);
const testKeys = new Set(["name", "request", "listener", "draw", "client", "expect"]);
const fileKeys = new Set(["config", "manifests", "tests"]);

type Fields = Readonly<Record<string, unknown>>;

/** Reads a file; a usage failure says what is wrong, and where. */
export async function readRouteTests(file: string): Promise<RouteTestFile> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw usageFailure(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = counter.linePos(problem.pos[0]);
    throw usageFailure(`${file}:${line}:${col}: ${problem.message}`);
  }
  const root = document.contents;
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const fail = failureIn(file, 1);
  const fields = object(value, fail, "the file");
  onlyKeys(fields, fileKeys, fail, "the file");
  const { config, manifests, tests } = fields;
  if (!Array.isArray(tests)) throw fail("tests must be a list");
  const list = isMap(root) ? root.get("tests") : undefined;
  const lineAt = (index: number): number => {
    const range = isSeq(list) ? nodeRange(list.items[index]) : undefined;
    return range === undefined ? 1 : counter.linePos(range).line;
  };
  const here = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  return {
    file,
    config: config === undefined ? undefined : here(string(config, fail, "config")),
    manifests:
      manifests === undefined
        ? undefined
        : [manifests].flat().map((path) => here(string(path, fail, "manifests"))),
    tests: tests.map((test, index) => {
      const line = lineAt(index);
      return routeTest(test, line, failureIn(file, line));
    }),
  };
}

type Fail = (message: string) => Error;

function failureIn(file: string, line: number): Fail {
  return (message) => usageFailure(`${file}:${line}: ${message}`);
}

function nodeRange(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;
}

function routeTest(value: unknown, line: number, fail: Fail): RouteTest {
  const fields = object(value, fail, "a test");
  onlyKeys(fields, testKeys, fail, "a test");
  const { name, request, listener, draw, client, expect } = fields;
  const asked = requestOf(request, fail);
  const expected = object(expect, fail, "expect");
  onlyKeys(expected, expectationKeys, fail, "expect");
  if (expected["request"] !== undefined)
    onlyKeys(
      object(expected["request"], fail, "expect.request"),
      requestKeys,
      fail,
      "expect.request",
    );
  if (draw !== undefined && !(typeof draw === "number" && draw >= 0 && draw < 1))
    throw fail("draw must be a number from 0 up to, but not, 1");
  return {
    name: name === undefined ? `${asked.method} ${asked.url}` : string(name, fail, "name"),
    line,
    request: asked,
    options: {
      ...(typeof draw === "number" ? { draw } : {}),
      ...(listener === undefined ? {} : { listener: string(listener, fail, "listener") }),
      ...(client === undefined ? {} : { clientAddress: string(client, fail, "client") }),
    },
    expect: expected,
  };
}

/** `GET http://a.example/`, a URL alone, or an object. */
function requestOf(value: unknown, fail: Fail): RequestInput {
  if (typeof value === "string") {
    const [first = "", second] = value.trim().split(/\s+/, 2);
    return second === undefined
      ? { method: "GET", url: parseUrl(first, []), headers: [] }
      : { method: first, url: parseUrl(second, []), headers: [] };
  }
  const fields = object(value, fail, "request");
  onlyKeys(fields, new Set(["method", "url", "headers"]), fail, "request");
  const headers = Object.entries(
    fields["headers"] === undefined ? {} : object(fields["headers"], fail, "request.headers"),
  ).map(([name, text]) => parseHeader(`${name}: ${String(text)}`));
  return {
    method:
      fields["method"] === undefined ? "GET" : string(fields["method"], fail, "request.method"),
    url: parseUrl(string(fields["url"], fail, "request.url"), headers),
    headers,
  };
}

function object(value: unknown, fail: Fail, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw fail(`${what} must be an object`);
}

function string(value: unknown, fail: Fail, what: string): string {
  if (typeof value === "string") return value;
  throw fail(`${what} must be text`);
}

function onlyKeys(fields: Fields, known: ReadonlySet<string>, fail: Fail, what: string): void {
  const unknown = Object.keys(fields).find((key) => !known.has(key));
  if (unknown !== undefined)
    throw fail(
      `${what} has no key ${JSON.stringify(unknown)}; it may have ${[...known].join(", ")}`,
    );
}
