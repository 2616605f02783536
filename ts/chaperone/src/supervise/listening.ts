/** Sockets over the lives of several engines. Pure. */

import type { ListenAddress } from "../admin/replies.js";
import type { DocumentListener, EngineListener } from "../engine/listeners.js";

/** With the ports that the system gave where port 0 was asked for: an engine that is started again listens where the one before did. */
export function pinned(
  listeners: readonly EngineListener[],
  sockets: readonly ListenAddress[],
): EngineListener[] {
  return listeners.map((listener) => {
    const [socket, ...more] = sockets.filter(({ name }) => name === listener.name);
    // A host name with several addresses has a socket, and a port, for each.
    if (!listener.address.endsWith(":0") || socket?.port === undefined || more.length > 0)
      return listener;
    return { ...listener, address: listener.address.replace(/:0$/, `:${socket.port}`) };
  });
}

/** Sockets are opened once, when varnishd starts. */
export function unopenedListeners(
  opened: readonly DocumentListener[],
  now: readonly DocumentListener[],
): string | undefined {
  const known = new Set(opened.map(({ port }) => port));
  const names = now.filter(({ port }) => !known.has(port)).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `listeners on new ports are opened at the next start: ${names.join(", ")}`;
}
