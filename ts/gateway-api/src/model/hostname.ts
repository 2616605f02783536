/** Which hosts of a route a listener answers for (Gateway API `HTTPRouteSpec.hostnames`). */

/** Whether some request host fits both names; undefined stands for every host. */
export function hostnamesIntersect(listener: string | undefined, route: string): boolean {
  return (
    listener === undefined || listener === "" || covers(listener, route) || covers(route, listener)
  );
}

/**
 * Whether `wide` answers for every host that `narrow` does. `*.example.com` covers any depth, not
 * `example.com`.
 */
export function covers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  return wide.startsWith("*.") && narrow.endsWith(wide.slice(1));
}

/**
 * Hosts of a route that at least one of the listeners answers for. A route without hosts takes the
 * listener's.
 */
export function hostnamesWithin(
  listeners: readonly { readonly hostname?: string }[],
  hostnames: readonly string[],
): string[] {
  return hostnames.filter((hostname) =>
    listeners.some((listener) => hostnamesIntersect(listener.hostname, hostname)),
  );
}
