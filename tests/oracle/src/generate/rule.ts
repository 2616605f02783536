/** Random rules: matches, filters, backends. */

import type { Backend, Match, RouteKind, Rule } from "../document.ts";
import * as alphabet from "./alphabet.ts";
import { randomFilters } from "./filter.ts";
import { randomMatch, variantOf } from "./match.ts";
import type { Random } from "./random.ts";
import type { Words } from "./words.ts";

/** A rule; some of its matches are variants of the themes of the table. */
export function randomRule(
  random: Random,
  words: Words,
  themes: readonly Match[],
  kind: RouteKind,
): Rule {
  const count = random.pick([0, 1, 1, 1, 2, 2, 3, words.matches]);
  const matches = random.list(count, () =>
    kind === "HTTPRoute" && random.chance(40)
      ? variantOf(random, words, random.pick(themes))
      : randomMatch(random, words, kind),
  );
  const filters = randomFilters(random, kind, prefixesOnly(matches));
  const redirects = filters.some((one) => one.type === "RequestRedirect") && random.chance(98);
  return {
    ...random.maybe(25, "name", () => random.pick(["first", "second", "main"])),
    ...(matches.length > 0 || random.chance(50) ? { matches } : {}),
    ...(filters.length > 0 || random.chance(10) ? { filters } : {}),
    ...(redirects ? {} : { backends: randomBackends(random, kind, prefixesOnly(matches)) }),
  };
}

function prefixesOnly(matches: readonly Match[]): boolean {
  return matches.every((one) => (one.path?.type ?? "PathPrefix") === "PathPrefix");
}

function randomBackends(random: Random, kind: RouteKind, prefixes: boolean): Backend[] {
  const count = random.pick([0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 16]);
  return random.list(count, () => {
    const filters = random.chance(15) ? randomFilters(random, kind, prefixes) : [];
    const own = filters.filter((one) => !["RequestRedirect", "CORS"].includes(one.type));
    return {
      service: random.chance(99) ? random.pick(alphabet.SERVICES) : alphabet.ABSENT_SERVICE,
      ...random.maybe(50, "weight", () =>
        random.pick([0, 1, 1, 2, 3, 9, 100, 333_333, 1_000_000, random.chance(2) ? 1_000_001 : 1]),
      ),
      ...(own.length > 0 ? { filters: own } : {}),
      ...random.maybe(3, "invalid", () => random.pick(["BackendNotFound", "RefNotPermitted"])),
    };
  });
}
