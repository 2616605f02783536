/** HTTPHeaderMatch: all conditions hold; names in any case, values byte for byte. */

import type { Match, NamedMatch } from "../document.ts";
import type { Lines } from "../question.ts";
import { firstOfEachName, valueTakes } from "./named.ts";

export function headersTake(match: Match, lines: Lines): boolean {
  return consideredHeaders(match).every((one) => valueTakes(one, combinedValue(lines, one.name)));
}

export function consideredHeaders(match: Match): readonly NamedMatch[] {
  return firstOfEachName(match.headers, (name) => name.toLowerCase());
}

/** RFC 9110 section 5.2: lines of one name are one list, joined by a comma. */
function combinedValue(lines: Lines, name: string): string | null {
  const values = lines
    .filter(([own]) => own.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
  return values.length === 0 ? null : values.join(",");
}
