/**
 * The expected requests and responses of the Gateway API's conformance suite, asked of the core
 * with what its objects are translated to. A suite's test that is not here is about something else
 * than routing requests, or counts draws.
 */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Decision } from "@ghost-gateway/core";
import { describe, expect, test } from "vitest";
import { createTranslator } from "../src/index.js";
import type {
  GatewayTranslation,
  KubernetesObject,
  RoutingFilter,
  RoutingRoute,
} from "../src/index.js";
import { testdata } from "./cases.js";
import { decide, tableOf } from "./simulation.js";
import type { SimulatedRequest } from "./simulation.js";

interface SuiteTest {
  readonly test: string;
  readonly suite: string;
  /** Workload behind a Service (`namespace/name`), where it is named otherwise. */
  readonly runs: Readonly<Record<string, string>>;
  readonly objects: readonly KubernetesObject[];
  readonly cases: readonly {
    readonly gateway: string;
    /** Objects that are gone by then, by `Kind/namespace/name`. */
    readonly without?: readonly string[];
    readonly request: SimulatedRequest;
    readonly expect: Expectation;
  }[];
}

interface Expectation {
  /** `namespace/workload`; true: any. */
  readonly backend?: string | true;
  /** Any of these. */
  readonly status?: readonly number[];
  readonly location?: Readonly<Record<"scheme" | "host" | "port" | "path", string>>;
  readonly request?: {
    readonly host?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly absent?: readonly string[];
  };
  readonly response?: {
    /** Headers the backend sets. */
    readonly sent?: Readonly<Record<string, string>>;
    /** Values that would do, by name. */
    readonly headers?: Readonly<Record<string, readonly string[]>>;
    readonly absent?: readonly string[];
  };
  /** `namespace/service` of each copy. */
  readonly mirrors?: readonly string[];
}

const folder = join(testdata, "conformance");
const tests = globSync("*.json", { cwd: folder })
  .toSorted()
  .map((file): SuiteTest => JSON.parse(readFileSync(join(folder, file), "utf8")));

/** An endpoint for every port of every Service, as a real cluster would have them. */
function slicesFor(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const services = objects.filter(({ kind }) => kind === "Service");
  return services.map((service, index) => {
    const { name, namespace } = service["metadata"] as { name: string; namespace: string };
    const { ports } = service["spec"] as { ports: readonly { name?: string }[] };
    return {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { namespace, name, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: ports.map((port, step) => ({ ...port, protocol: "TCP", port: 3000 + step })),
      endpoints: [{ addresses: [`10.0.0.${index + 1}`] }],
    };
  });
}

function translated(
  { objects }: SuiteTest,
  gateway: string,
  without: readonly string[] = [],
): GatewayTranslation {
  const changed = [...objects, ...slicesFor(objects)].map((object) => ({ object }));
  // The suite makes its Secrets while it runs.
  const translator = createTranslator({ isPartial: true });
  const whole = translator.update({ changed });
  const removed = without.map((name) => {
    const [kind = "", namespace = "", own = ""] = name.split("/");
    return { kind, namespace, name: own };
  });
  const translation = removed.length === 0 ? whole : translator.update({ removed });
  const found = translation.forGateway(gateway);
  if (found === undefined) throw new Error(`there is no Gateway ${gateway}`);
  return found;
}

function workloadOf(decision: Decision, { runs }: SuiteTest): string {
  const service = (decision.service ?? "").replace(/:\d+(?:\/grpc)?$/, "");
  const [namespace = ""] = service.split("/");
  return runs[service] === undefined ? service : `${namespace}/${runs[service]}`;
}

type Lines = readonly (readonly [string, string | null])[];

function valueOf(lines: Lines, name: string): string | undefined {
  const values = lines.filter(([own]) => own.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value ?? "").join(",");
}

/**
 * Response headers after the edits of the decision: null removes, a value replaces, or appends
 * where the rule says so. That difference is not in a decision.
 */
function edited(
  sent: Readonly<Record<string, string>>,
  edits: Decision["responseHeaders"],
  added: ReadonlySet<string>,
): Lines {
  const lines = new Map<string, string>();
  for (const [name, value] of Object.entries(sent)) lines.set(name.toLowerCase(), value);
  for (const [name, value] of edits) {
    if (value === null) lines.delete(name.toLowerCase());
    else lines.set(name.toLowerCase(), appended(lines.get(name.toLowerCase()), name, value, added));
  }
  return [...lines];
}

function appended(
  known: string | undefined,
  name: string,
  value: string,
  added: ReadonlySet<string>,
): string {
  return known !== undefined && added.has(name.toLowerCase()) ? `${known},${value}` : value;
}

/** Lists compare without regard to the white space in them. */
function listed(value: string | undefined): string | undefined {
  return value?.replaceAll(" ", "");
}

/** What is asked for and what came, where the two differ. */
type Differences = Record<string, { readonly wanted: unknown; readonly found: unknown }>;

function compare(differences: Differences, what: string, wanted: unknown, found: unknown): void {
  if (wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(found))
    differences[what] = { wanted, found };
}

function compareLocation(
  differences: Differences,
  wanted: NonNullable<Expectation["location"]>,
  decision: Decision,
): void {
  const { protocol, hostname, port, pathname } = new URL(decision.location ?? "http://none");
  compare(differences, "scheme", wanted.scheme, protocol.slice(0, -1));
  compare(differences, "host", wanted.host, hostname);
  compare(differences, "path", wanted.path, pathname);
  // A port that is not named is none, or the scheme's own.
  compare(differences, "port", wanted.port ?? "", port);
}

function compareRequest(
  differences: Differences,
  wanted: NonNullable<Expectation["request"]>,
  { request: { host, path, query, headers } }: Decision,
): void {
  compare(differences, "request host", wanted.host, host);
  compare(differences, "request path", wanted.path, query ? `${path}?${query}` : path);
  for (const [name, value] of Object.entries(wanted.headers ?? {}))
    compare(differences, `request ${name}`, listed(value), listed(valueOf(headers, name)));
  for (const name of wanted.absent ?? [])
    compare(differences, `request ${name}`, null, valueOf(headers, name) ?? null);
}

function compareResponse(
  differences: Differences,
  wanted: NonNullable<Expectation["response"]>,
  lines: Lines,
): void {
  for (const [name, values] of Object.entries(wanted.headers ?? {})) {
    const found = listed(valueOf(lines, name));
    const isFine = values.some((value) => listed(value) === found);
    compare(differences, `response ${name}`, isFine ? found : values, found);
  }
  for (const name of wanted.absent ?? [])
    compare(differences, `response ${name}`, null, valueOf(lines, name) ?? null);
}

function filtersOf(decision: Decision, routes: readonly RoutingRoute[]): readonly RoutingFilter[] {
  const route = routes.find(({ kind, name }) => `${kind}/${name}` === decision.route);
  const rule = route?.rules.find(({ name }, index) => (name ?? String(index)) === decision.rule);
  return rule?.filters ?? [];
}

function addedNames(filters: readonly RoutingFilter[]): Set<string> {
  const added = filters.flatMap((filter) =>
    "responseHeaderModifier" in filter ? (filter.responseHeaderModifier.add ?? []) : [],
  );
  return new Set(added.map(({ name }) => name.toLowerCase()));
}

function mirrorsOf(filters: readonly RoutingFilter[]): string[] {
  return filters
    .flatMap((filter) => ("requestMirror" in filter ? [filter.requestMirror.service] : []))
    .map((service) => service.replace(/:\d+$/, ""))
    .toSorted();
}

function differencesOf(suiteTest: SuiteTest, one: SuiteTest["cases"][number]): Differences {
  const { document } = translated(suiteTest, one.gateway, one.without);
  const decision = decide(tableOf(document), one.request);
  const { backend, status, location, request, response, mirrors } = one.expect;
  const filters = filtersOf(decision, document.routes);
  const differences: Differences = {};
  compare(differences, "action", backend === undefined ? undefined : "forward", decision.action);
  const workload = backend === true ? undefined : backend;
  compare(differences, "backend", workload, workloadOf(decision, suiteTest));
  const isStatusFine = status?.includes(decision.status ?? 0) ?? true;
  compare(differences, "status", isStatusFine ? undefined : status, decision.status);
  compare(differences, "mirrors", mirrors, mirrorsOf(filters));
  if (location !== undefined) compareLocation(differences, location, decision);
  if (request !== undefined) compareRequest(differences, request, decision);
  const sent = response?.sent ?? {};
  const lines = edited(sent, decision.responseHeaders, addedNames(filters));
  if (response !== undefined) compareResponse(differences, response, lines);
  return differences;
}

describe("the conformance suite's requests", () => {
  test("of at least 40 of its tests are here", () => {
    expect(tests.length).toBeGreaterThanOrEqual(40);
  });

  for (const suiteTest of tests) {
    const numbered = suiteTest.cases.map((one, index) => ({ ...one, index }));
    test.each(numbered)(`${suiteTest.test} $index: $request.url`, (one) => {
      expect(differencesOf(suiteTest, one)).toEqual({});
    });
  }
});
