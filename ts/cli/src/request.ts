/** The parts of a request as people type them. Pure. */

import { usageFailure } from "./exit.js";

/** RFC 9110 section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** `name: value`, as curl takes it. */
export function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon).trimEnd();
  const value = line.slice(colon + 1).trim();
  if (colon < 1 || !token.test(name))
    throw usageFailure(`-H ${JSON.stringify(line)}: write 'name: value'`);
  if (/[\r\n\0]/.test(value))
    throw usageFailure(`-H ${JSON.stringify(line)}: a header value is one line`);
  return [name, value];
}

/**
 * The URL as the core takes it: untouched, so that what is asked about is what would be sent. Without a scheme http:// is meant; a
 * path alone needs a Host header.
 */
export function parseUrl(url: string, headers: readonly (readonly [string, string])[]): string {
  if (/[\p{Cc} ]/u.test(url) || url === "")
    throw usageFailure(
      `${JSON.stringify(url)} is no URL: it is empty or holds a space or control character`,
    );
  if (url.startsWith("/")) {
    if (headers.some(([name]) => name.toLowerCase() === "host")) return url;
    throw usageFailure(`${url} is a path: write a whole URL, or add -H 'host: NAME'`);
  }
  const [, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url) ?? [];
  if (scheme === undefined) return `http://${url}`;
  if (!/^https?$/i.test(scheme)) throw usageFailure(`${url}: the scheme is http or https`);
  return url;
}
