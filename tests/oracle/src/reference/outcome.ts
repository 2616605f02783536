/** What becomes of a request that a match took: filters, backend, endpoint. */

import type { Backend, Cors, Document, Filter, Rule } from "../document.ts";
import type { Decision, ForwardedRequest, ResponseEdits } from "../question.ts";
import type { Candidate } from "./candidate.ts";
import { isPreflight, preflightHeaders, responseHeaders } from "./cors.ts";
import { chooseEndpoint } from "./endpoint.ts";
import type { Entered } from "./listener.ts";
import { headerEdits, modifyHeaders } from "./modifier.ts";
import type { Received } from "./receive.ts";
import { redirectLocation, redirectStatus } from "./redirect.ts";
import { modifyPath } from "./rewrite.ts";
import { type Draw, shareOf } from "./share.ts";
import { areUsable, isUsableRule } from "./usable.ts";

export interface Won {
  readonly document: Document;
  readonly candidate: Candidate;
  readonly received: Received;
  readonly listener: Entered;
  readonly draw: Draw;
}

/** The part of a decision that an outcome fills in. */
export type Outcome = Partial<Decision> & Pick<Decision, "action">;

/** The steps in the order in which one of them may end the request. */
export function outcome(won: Won): Outcome {
  const { rule } = won.candidate;
  if (!isUsableRule(rule)) return answer(500, "quarantined");
  const cors = corsOf(rule.filters);
  if (cors !== undefined && isPreflight(won.received)) {
    return { ...answer(200, "preflight"), responseHeaders: preflightHeaders(cors, won.received) };
  }
  const redirect = rule.filters?.find((one) => one.requestRedirect !== undefined)?.requestRedirect;
  if (redirect === undefined) return toBackend(won, rule);
  return {
    action: "redirect",
    status: redirectStatus(redirect),
    location: redirectLocation(redirect, won.candidate.match, won.received, won.listener),
    responseHeaders: responseEdits(won, rule.filters ?? []),
  };
}

export function answer(status: number, why: string): Outcome {
  return { action: "answer", status, why };
}

/** No backends, or none with a weight: 500. A reference that cannot be followed: its share gets 500. No endpoint: 503. */
function toBackend(won: Won, rule: Rule): Outcome {
  const share = shareOf(rule.backends ?? [], (backend) => backend.weight ?? 1, won.draw);
  if (share === null) return answer(500, "noBackends");
  const { taken: backend, rest } = share;
  const service = won.document.services[backend.service];
  const named = { service: backend.service };
  if (service === undefined || isInvalid(backend, rule))
    return { ...answer(500, "invalidBackend"), ...named };
  const endpoint = chooseEndpoint(service, rest);
  if (endpoint === null) return { ...answer(503, "noEndpoints"), ...named };
  // Filters of the rule act on every request of it, those of a backend on its share alone, after them.
  const filters = [...(rule.filters ?? []), ...(backend.filters ?? [])];
  return {
    action: "forward",
    ...named,
    endpoint,
    request: filters.reduce(
      (request, one) => applyFilter(one, won, request),
      asReceived(won.received),
    ),
    // A response meets them the other way round.
    responseHeaders: responseEdits(won, [...(backend.filters ?? []), ...(rule.filters ?? [])]),
  };
}

function isInvalid(backend: Backend, rule: Rule): boolean {
  return backend.invalid !== undefined || !areUsable(backend.filters, rule);
}

function corsOf(filters: readonly Filter[] = []): Cors | undefined {
  return filters.find((one) => one.cors !== undefined)?.cors;
}

/** Host goes on as received; path in its canonical form. */
export function asReceived({
  method,
  authority,
  path,
  query,
  headers,
}: Received): ForwardedRequest {
  return { method, host: authority, path, query: query ?? "", headers };
}

function applyFilter(filter: Filter, won: Won, request: ForwardedRequest): ForwardedRequest {
  if (filter.requestHeaderModifier !== undefined) {
    return { ...request, headers: modifyHeaders(filter.requestHeaderModifier, request.headers) };
  }
  if (filter.urlRewrite === undefined) return request;
  const { hostname, path } = filter.urlRewrite;
  return {
    ...request,
    host: hostname ?? request.host,
    path:
      path === undefined ? request.path : modifyPath(path, won.candidate.match, won.received.path),
  };
}

function responseEdits(won: Won, filters: readonly Filter[]): ResponseEdits {
  return filters.flatMap((one) => {
    if (one.cors !== undefined) return responseHeaders(one.cors, won.received.headers);
    return one.responseHeaderModifier === undefined ? [] : headerEdits(one.responseHeaderModifier);
  });
}
