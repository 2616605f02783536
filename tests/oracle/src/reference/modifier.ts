/** HTTPHeaderFilter: set, then add, then remove; names in any case. */

import type { HeaderModifier, HeaderValue } from "../document.ts";
import type { Lines, ResponseEdits } from "../question.ts";

/** Set overwrites what is there, add appends to it, remove drops it. */
export function modifyHeaders(modifier: HeaderModifier, lines: Lines): Lines {
  const set = firstOfEach(modifier.set);
  const kept = lines.filter(([name]) => !set.some((own) => isSame(own.name, name)));
  const grown = [...kept, ...pairs(set), ...pairs(firstOfEach(modifier.add))];
  return grown.filter(([name]) => !(modifier.remove ?? []).some((own) => isSame(own, name)));
}

/** The same for a response that is not there yet: what will be done to it. */
export function headerEdits(modifier: HeaderModifier): ResponseEdits {
  const removed = (modifier.remove ?? []).map((name) => [name, null] as const);
  return [...pairs(firstOfEach(modifier.set)), ...pairs(firstOfEach(modifier.add)), ...removed];
}

/** HTTPHeader.name: of entries with equivalent names only the first counts. */
function firstOfEach(values: readonly HeaderValue[] = []): readonly HeaderValue[] {
  return values.filter(
    (one, index) => values.findIndex(({ name }) => isSame(name, one.name)) === index,
  );
}

function pairs(values: readonly HeaderValue[]): Lines {
  return values.map(({ name, value }) => [name, value] as const);
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
