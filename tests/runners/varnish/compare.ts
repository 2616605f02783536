// What came out, in the words of the decision document, against what the case expects; only the keys it names.

import type { Case, Config, Expectation, HeaderList } from "./case.ts";
import { valuesOf } from "./message.ts";
import type { Head } from "./message.ts";
import { FROM_ORIGIN, removedBy } from "./origin.ts";
import type { Arrival } from "./origin.ts";

type Words = Record<string, unknown>;

/** Words that depend on more than a request through varnishd shows. */
const NOT_SEEN = new Set(["draw", "id"]);

/** One line for each difference. */
export function compare(config: Config, one: Case, response: Head, arrivals: Arrival[]): string[] {
  const status = Number(response.start.split(" ")[1]);
  const refused = one.unless?.varnish;
  if (refused !== undefined)
    return status === refused ? [] : [`status ${status}, the engine should give ${refused}`];
  const seen = words(response, arrivals);
  const differences = Object.entries(one.expect)
    .filter(([key]) => key !== "request" && key !== "responseHeaders" && !NOT_SEEN.has(key))
    .filter(([key, value]) => JSON.stringify(seen[key] ?? null) !== JSON.stringify(value))
    .map(
      ([key, value]) =>
        `${key}: expected ${JSON.stringify(value)}, got ${JSON.stringify(seen[key] ?? null)}`,
    );
  return [
    ...differences,
    ...consistent(seen, status, response, arrivals),
    ...compareRequest(one.expect.request ?? {}, arrivals),
    ...compareHeaders("response header", sentBack(config, one, seen, arrivals), response),
  ];
}

/** The client's side, then what the fetch added. */
function words(response: Head, arrivals: Arrival[]): Words {
  const parse = (name: string): Words => {
    const parsed: Words = JSON.parse(valuesOf(response, name)[0] ?? "{}");
    return parsed;
  };
  const [decided, fetched] = [parse("Ghost-Test-Decision"), parse("Ghost-Test-Fetch")];
  const failed =
    fetched["status"] === null || fetched["status"] === undefined
      ? {}
      : { action: "answer", status: fetched["status"], why: fetched["why"] };
  const endpoint = arrivals.at(-1)?.endpoint ?? null;
  return { ...decided, ...failed, service: fetched["service"] ?? null, endpoint };
}

/** What Ghost says it did is what it did. */
function consistent(seen: Words, status: number, response: Head, arrivals: Arrival[]): string[] {
  const forward = seen["action"] === "forward";
  const location = valuesOf(response, "location")[0] ?? null;
  return [
    ...(seen["action"] === undefined ? [`no decision, the engine answered ${status}`] : []),
    ...(!forward && seen["status"] !== status
      ? [`decided status ${String(seen["status"])}, the client got ${status}`]
      : []),
    ...(arrivals.length === (forward ? 1 : 0)
      ? []
      : [`${arrivals.length} requests arrived at origins`]),
    ...((seen["location"] ?? null) === location
      ? []
      : [`decided location ${String(seen["location"])}, the client got ${location}`]),
  ];
}

/**
 * The response headers to expect. Where the case says a header is not there, an origin may have sent it all the same: then
 * the rule's filters remove it, or else it must have come through untouched.
 */
function sentBack(config: Config, one: Case, seen: Words, arrivals: Arrival[]): HeaderList {
  const route = config.routes?.find(
    ({ name, kind }) => `${kind ?? "HTTPRoute"}/${name}` === seen["route"],
  );
  const rule = route?.rules?.find(({ name }, index) => (name ?? String(index)) === seen["rule"]);
  const backends = (rule?.backends ?? []).filter(({ service }) => service === seen["service"]);
  const removed = [rule, ...backends].flatMap((part) => removedBy(part?.filters));
  const sent = arrivals.at(-1)?.sent ?? [];
  return (one.expect.responseHeaders ?? []).map(([name, value]) => {
    const lower = name.toLowerCase();
    const untouched = value === null && sent.includes(lower) && !removed.includes(lower);
    return [name, untouched ? FROM_ORIGIN : value];
  });
}

function compareRequest(
  expected: NonNullable<Expectation["request"]>,
  arrivals: Arrival[],
): string[] {
  const head = arrivals.at(-1)?.head;
  const { headers = [], ...rest } = expected;
  if (head === undefined) return [];
  const [method = "", target = ""] = head.start.split(" ");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const seen: Words = {
    method,
    path,
    query: mark < 0 ? "" : target.slice(mark + 1),
    host: valuesOf(head, "host")[0] ?? "",
  };
  const differences = Object.entries(rest)
    .filter(([key, value]) => seen[key] !== value)
    .map(
      ([key, value]) =>
        `request ${key}: expected ${JSON.stringify(value)}, got ${JSON.stringify(seen[key])}`,
    );
  return [...differences, ...compareHeaders("request header", headers, head)];
}

/** Null is absent. A value may stand in a line of its own or be all lines joined. */
function compareHeaders(what: string, expected: HeaderList, head: Head): string[] {
  return expected.flatMap(([name, value]) => {
    const values = valuesOf(head, name);
    const holds =
      value === null
        ? values.length === 0
        : values.includes(value) || values.join(",") === value || values.join(", ") === value;
    return holds
      ? []
      : [`${what} ${name}: expected ${JSON.stringify(value)}, got ${JSON.stringify(values)}`];
  });
}
