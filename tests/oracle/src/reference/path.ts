/** HTTPPathMatch: Exact, PathPrefix by elements, RegularExpression. */

import type { PathMatch } from "../document.ts";
import { decodeUnreserved } from "../canonical.ts";
import { patternTakes } from "./pattern.ts";

/** HTTPRouteMatch.path: without one, a prefix match on `/`; without a value, `/`. */
export function pathTakes(match: PathMatch | undefined, path: string): boolean {
  switch (match?.type ?? "PathPrefix") {
    // The whole path with case: `/abc` is neither `/abc/` nor `/Abc`.
    case "Exact":
      return path === literalPath(match);
    case "RegularExpression":
      return patternTakes(match?.value ?? "/", path);
    case "PathPrefix":
      return startsWithElements(elements(path), elements(withoutTrailingSlash(literalPath(match))));
  }
}

/** The path an Exact or PathPrefix match speaks of, in the canonical form that requests have. */
export function literalPath(match: PathMatch | undefined): string {
  return decodeUnreserved(match?.value ?? "/");
}

/** Matching is done element by element; a trailing `/` of the prefix is ignored. */
export function withoutTrailingSlash(prefix: string): string {
  return prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
}

/** `/a/b` is the elements "", "a" and "b"; `*` (RFC 9112 section 3.2.4) is no path below `/`. */
function elements(path: string): readonly string[] {
  return path.split("/");
}

function startsWithElements(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((element, index) => path[index] === element);
}
