/** The core and the reference, asked the same; what differs, and how a difference is told apart from a choice. */

import type { Document } from "./document.ts";
import type { Round } from "./generate.ts";
import type { Decision, Lines, Question, ResponseEdits } from "./question.ts";
import type { Reference } from "./reference.ts";

/** A core that answers. */
export interface Engine {
  /** Compiles a document; null where the core cannot read it. */
  compile(document: Document): Compiled | null;
}

export interface Compiled {
  /** What the core found in the document. */
  readonly diagnostics: readonly { readonly code: string; readonly severity: string }[];
  decide(question: Question): Decision;
  dispose(): void;
}

export type MakeReference = (document: Document) => Reference;

/** One question the two answer differently, or a document they judge differently (no question then). */
export interface Difference {
  readonly document: Document;
  readonly question?: Question;
  /** Codes of all the core found in the document. */
  readonly codes: readonly string[];
  /** The compared fields that differ; for a document the codes of the errors nobody provoked. */
  readonly fields: readonly string[];
  readonly expected: Decision | null;
  readonly found: Decision | null;
}

/** Errors that tables provoke on purpose; any other one means that the core refuses what nobody broke. */
const PROVOKED = /^GH0(?:101|104|105|106|107|108|109|110|112|114|115|120|122|201|203)$/;

/** Asks both every question of a round. */
export function compareRound(engine: Engine, reference: MakeReference, round: Round): Difference[] {
  const { document, questions } = round;
  const compiled = engine.compile(document);
  if (compiled === null) return [refusal(document, [], ["unreadable"])];
  const codes = compiled.diagnostics.map((one) => one.code);
  const errors = compiled.diagnostics
    .filter((one) => one.severity === "error")
    .map((one) => one.code);
  const refused = errors.filter((code) => !PROVOKED.test(code));
  const ask = reference(document);
  const differences = questions.flatMap((question) => {
    const [expected, found] = [ask(question), compiled.decide(question)];
    const fields = differingFields(expected, found);
    return fields.length === 0 ? [] : [{ document, question, codes, fields, expected, found }];
  });
  compiled.dispose();
  return refused.length === 0 ? differences : [refusal(document, codes, refused), ...differences];
}

function refusal(
  document: Document,
  codes: readonly string[],
  fields: readonly string[],
): Difference {
  return { document, codes, fields, expected: null, found: null };
}

/** Names of the compared fields that differ. */
function differingFields(expected: Decision, found: Decision): string[] {
  const [left, right] = [comparable(expected), comparable(found)];
  return Object.keys(left).filter(
    (field) => JSON.stringify(left[field]) !== JSON.stringify(right[field]),
  );
}

/** A decision as the fields that are compared. `why` is prose except in answers. */
function comparable(decision: Decision): Record<string, unknown> {
  const { action, status, location, listener, route, rule, match, service, endpoint, request } =
    decision;
  const winner = { listener, route, rule, match, service, endpoint };
  const bad = action === "answer" && status === 400;
  return {
    action,
    status,
    location,
    ...winner,
    why: action === "answer" ? decision.why : null,
    // What is no HTTP request cannot be shown as one.
    request: bad ? null : { ...request, headers: byName(request.headers) },
    responseHeaders: byName(decision.responseHeaders),
  };
}

/**
 * Header lines as what they mean: the order of lines counts within a name alone, several lines of a name are one list,
 * and white space around its commas is none of it (RFC 9110 sections 5.3 and 5.6.1).
 */
function byName(lines: Lines | ResponseEdits): Record<string, string | null> {
  const grouped: Record<string, string | null> = {};
  for (const [name, value] of lines) {
    const own = name.toLowerCase();
    const before = grouped[own];
    const list = value?.replaceAll(/[ \t]*,[ \t]*/g, ",") ?? null;
    grouped[own] =
      list === null || before === undefined || before === null ? list : `${before},${list}`;
  }
  return Object.fromEntries(
    Object.entries(grouped).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
