/** HTTPPathModifier, for rewrites and redirects alike. */

import type { Match, PathModifier } from "../document.ts";
import { literalPath, withoutTrailingSlash } from "./path.ts";

/** The modified path. `match` is the one that took the request; ReplacePrefixMatch needs its prefix. */
export function modifyPath(modifier: PathModifier, match: Match, path: string): string {
  if (modifier.type === "ReplaceFullPath") return modifier.replaceFullPath;
  const prefix = withoutTrailingSlash(literalPath(match.path));
  // Whole elements: what follows the prefix is empty or begins with a slash. The table of HTTPPathModifier: slashes at
  // the end of prefix and replacement do not double, and nothing at all is `/`.
  const modified = withoutTrailingSlash(modifier.replacePrefixMatch) + path.slice(prefix.length);
  return withOneLeadingSlash(modified);
}

/** `//host` names a host to whoever reads it as a reference (RFC 3986 section 4.2), so it never comes out. */
function withOneLeadingSlash(path: string): string {
  return `/${path.replace(/^\/+/, "")}`;
}
