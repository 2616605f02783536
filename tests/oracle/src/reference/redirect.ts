/** HTTPRequestRedirectFilter: the Location of a redirect. */

import type { Match, RequestRedirect } from "../document.ts";
import type { Entered } from "./listener.ts";
import type { Received } from "./receive.ts";
import { modifyPath } from "./rewrite.ts";

const WELL_KNOWN: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Without a status, 302. */
export function redirectStatus(redirect: RequestRedirect): number {
  return redirect.statusCode ?? 302;
}

/** What the filter leaves open is taken from the request; the query is kept. */
export function redirectLocation(
  redirect: RequestRedirect,
  match: Match,
  received: Received,
  listener: Entered,
): string {
  const scheme = redirect.scheme ?? received.scheme;
  const host = redirect.hostname ?? received.host;
  const path =
    redirect.path === undefined
      ? ownPath(received)
      : modifyPath(redirect.path, match, received.path);
  const query = received.query === undefined ? "" : `?${received.query}`;
  // With no host to name, a path reference: it begins with one slash, as two begin an authority (RFC 3986 section 4.2).
  if (host === "") return `/${path.replace(/^\/+/, "")}${query}`;
  return `${scheme}://${host}${portPart(scheme, redirectPort(redirect, listener))}${path}${query}`;
}

/** The URI of `OPTIONS *` has no path (RFC 9112 section 3.3). */
function ownPath({ path }: Received): string {
  return path === "*" ? "" : path;
}

/** The given port; else the given scheme's well-known port; else the listener's. */
function redirectPort(redirect: RequestRedirect, listener: Entered): number {
  if (redirect.port !== undefined) return redirect.port;
  return (redirect.scheme === undefined ? undefined : WELL_KNOWN[redirect.scheme]) ?? listener.port;
}

/** Port 80 is left out of an http Location, 443 of an https one. */
function portPart(scheme: string, port: number): string {
  return port === WELL_KNOWN[scheme] ? "" : `:${port}`;
}
