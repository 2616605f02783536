/**
 * The reference router: slow and obviously right, written from the text of the Gateway API and the contract. It imports
 * nothing of the core. One file per stage lies beside it, each naming the sentence it implements.
 */

import type { Document } from "./document.ts";
import type { Decision, ForwardedRequest, Question } from "./question.ts";
import { type Candidate, candidates, routeIdentity, routesInForce } from "./reference/candidate.ts";
import { chooseListener, listenersInForce } from "./reference/listener.ts";
import { answer, asReceived, type Outcome, outcome } from "./reference/outcome.ts";
import { byPrecedence } from "./reference/precedence.ts";
import { receive } from "./reference/receive.ts";
import { drawFromUnit } from "./reference/share.ts";

/** Asks one document one question after the other. */
export type Reference = (question: Question) => Decision;

const NOTHING: ForwardedRequest = { method: "", host: "", path: "", query: "", headers: [] };

/** The router of a document that can be read. */
export function referenceRouter(document: Document): Reference {
  const listeners = listenersInForce(document);
  const routes = routesInForce(document, listeners);
  return (question) => {
    const received = receive(question);
    if (received === null) return decision(answer(400, "badRequest"), NOTHING);
    const listener = chooseListener(listeners, received, question.listener);
    const base = asReceived(received);
    if (listener === null) return decision(answer(404, "noRoute"), base);
    const [candidate] = candidates(routes, listener.name, received).toSorted(byPrecedence);
    // Nothing matches: 404 (HTTPRouteRule.matches).
    if (candidate === undefined) {
      return decision({ ...answer(404, "noRoute"), listener: listener.name }, base);
    }
    const draw = drawFromUnit(question.draw);
    const reached = outcome({ document, candidate, received, listener, draw });
    return decision({ ...named(candidate), listener: listener.name, ...reached }, base);
  };
}

function named({ route, rule, ruleIndex, matchIndex }: Candidate): Partial<Decision> {
  // A rule without a name is its index.
  return { route: routeIdentity(route), rule: rule.name ?? String(ruleIndex), match: matchIndex };
}

function decision(outcome: Outcome, request: ForwardedRequest): Decision {
  return {
    status: null,
    location: null,
    listener: null,
    route: null,
    rule: null,
    match: null,
    service: null,
    endpoint: null,
    request,
    responseHeaders: [],
    why: "",
    ...outcome,
  };
}
