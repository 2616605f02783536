/** What header and query conditions have in common. */

import type { NamedMatch } from "../document.ts";
import { patternTakes } from "./pattern.ts";

/** Of several entries with equivalent names only the first is considered (HTTPHeaderMatch.name, HTTPQueryParamMatch.name). */
export function firstOfEachName(
  matches: readonly NamedMatch[] | undefined,
  equivalent: (name: string) => string,
): readonly NamedMatch[] {
  const seen = new Set<string>();
  return (matches ?? []).filter(({ name }) => {
    const known = seen.has(equivalent(name));
    seen.add(equivalent(name));
    return !known;
  });
}

/** Whether a value is what the condition asks for; an absent one never is. */
export function valueTakes(match: NamedMatch, value: string | null): boolean {
  if (value === null) return false;
  return match.type === "RegularExpression"
    ? patternTakes(match.value, value)
    : match.value === value;
}
