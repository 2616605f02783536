/** A decision as people read it. Pure. */

import type { Decision, RequestInput } from "@ghost-gateway/core";
import type { Output } from "../io.js";
import { printableLine } from "./printable.js";

/** The verdict on the first line, what it rests on below. */
export function renderDecision(
  request: RequestInput,
  decision: Decision,
  paint: Output["paint"],
): string {
  const rows = factsOf(decision).map(
    ([name, value]) => `  ${paint("dim", name.padEnd(9))} ${printableLine(value)}`,
  );
  const asked = printableLine(`${request.method} ${request.url}`);
  return `${[`${asked} ${paint("bold", printableLine(verdictOf(decision)))}`, ...rows].join("\n")}\n`;
}

/** Where a request goes, in a few words. */
export function verdictOf({ action, service, endpoint, status, location, why }: Decision): string {
  if (action === "forward") return `-> ${service} at ${endpoint}`;
  return action === "redirect" ? `-> ${status} ${location}` : `-> ${status} ${why}`;
}

function factsOf(decision: Decision): (readonly [string, string])[] {
  const {
    action,
    route,
    rule,
    match,
    source,
    why,
    listener,
    generation,
    id,
    request,
    responseHeaders,
  } = decision;
  return [
    ...(route === null ? [] : [["route", `${route}, rule ${rule}, match ${match}`] as const]),
    ...(source === null ? [] : [["source", source] as const]),
    ...(why === "" || action === "answer" ? [] : [["why", why] as const]),
    ...(listener === null ? [] : [["listener", listener] as const]),
    ...(action === "forward" ? requestFacts(request) : []),
    ...responseHeaders.map(
      ([name, value]) =>
        ["response", value === null ? `${name} removed` : `${name}: ${value}`] as const,
    ),
    ["decision", generation === null ? id : `${id} (generation ${generation})`],
  ];
}

/** The request as the service sees it. */
function requestFacts({
  method,
  host,
  path,
  query,
  headers,
}: Decision["request"]): (readonly [string, string])[] {
  const target = query === "" ? path : `${path}?${query}`;
  return [
    ["request", `${method} ${target}`],
    ["", `host: ${host}`],
    ...headers.map(([name, value]) => ["", `${name}: ${value}`] as const),
  ];
}
