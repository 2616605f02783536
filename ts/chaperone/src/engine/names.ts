/**
 * Names of the engine's sockets.
 *
 * varnishd takes VCL names (`-a NAME=`): a letter, then letters, digits, "-" and "_". Listeners may be called anything, such as
 * `shop/web/http` for a Gateway's, so the others are written in those characters; libvmod_ghost writes them the same way
 * (`crates/ghost-vmod/src/state.rs`). No two listeners get one name, and none gets that of the control listener. Pure.
 */

const prefix = "ghost-";
const plain = /^[A-Za-z][A-Za-z0-9_-]*$/;
const reserved = /^ghost(?:-|$)/;

/** The socket's name for a listener: its own where varnishd takes it, else `ghost-` and each odd byte as `_` and two hex digits. */
export function socketName(listener: string): string {
  if (plain.test(listener) && !reserved.test(listener)) return listener;
  return prefix + [...Buffer.from(listener)].map(written).join("");
}

/** The listener of a socket. */
export function listenerOf(socket: string): string {
  if (!socket.startsWith(prefix)) return socket;
  const bytes: number[] = [];
  for (const [part, hex] of socket.slice(prefix.length).matchAll(/_([0-9a-f]{2})|[^]/g))
    bytes.push(hex === undefined ? part.charCodeAt(0) : Number.parseInt(hex, 16));
  return Buffer.from(bytes).toString("utf8");
}

function written(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, "0")}`;
}
