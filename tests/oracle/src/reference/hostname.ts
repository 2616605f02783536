/** Gateway API `Hostname`: an exact name, `*.suffix`, or none for any. Shared by listeners and routes. */

/**
 * Whether a host name pattern takes a canonical host. A wildcard label is a suffix match: `*.example.com` takes
 * `a.example.com` and `b.a.example.com`, not `example.com` (HTTPRouteSpec.hostnames).
 */
export function hostnameTakes(pattern: string | undefined, host: string): boolean {
  if (pattern === undefined || pattern === "") return true;
  const own = pattern.toLowerCase();
  if (!own.startsWith("*.")) return own === host;
  const suffix = own.slice(1);
  return host.endsWith(suffix) && host.length > suffix.length;
}

/**
 * How specific a pattern is, as the two numbers the specification compares in turn: characters of a matching name
 * without wildcard, then characters of a matching name (HTTPRouteSpec.hostnames).
 */
export function hostnameSpecificity(pattern: string | undefined): readonly [number, number] {
  const name = pattern ?? "";
  return name.startsWith("*.") ? [0, name.length] : [name.length, name.length];
}
