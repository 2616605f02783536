/**
 * Which sockets the engine opens: the document's listeners, put on addresses by `--listen`.
 *
 * A listener of the document says on which port its clients see it; where varnishd really listens is the host's matter. Pure.
 */

import { isIP } from "node:net";
import { socketName } from "./names.js";

/** A socket of the engine. */
export interface EngineListener {
  /** The listener's name in the document. */
  readonly name: string;
  /** `address:port`, `[address]:port` or the path of a Unix socket. */
  readonly address: string;
}

/** A listener of the routing document, as far as sockets go. */
export interface DocumentListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
}

/** `--listen [NAME=]ADDRESS`. */
export interface ListenOption {
  readonly name?: string;
  readonly address: string;
}

export interface ListenerPlan {
  readonly listeners: readonly EngineListener[];
  /** Why it cannot be done; then `listeners` is not to be used. */
  readonly problems: readonly string[];
  /** Listeners of the document that get no socket, and why. */
  readonly notices: readonly string[];
}

const defaultHost = "127.0.0.1";
const firstPort = 8080;
/** Name of the one listener of a document that has none. */
const onlyListener = "http";
/** Longest name of a socket: the engine writes it into lines of its log. */
const longestName = 512;

/** Reads `--listen`. The result is a problem in words when it is text. */
export function parseListen(text: string): ListenOption | string {
  const [, name, address = ""] = /^(?:(?!\/)([^=]+)=)?(.*)$/s.exec(text) ?? [];
  const normal = normalAddress(address);
  if (normal === undefined)
    return `${JSON.stringify(text)} is no listen address: write [NAME=]ADDRESS:PORT, [NAME=]PORT or [NAME=]/PATH`;
  return name === undefined ? { address: normal } : { name, address: normal };
}

/** A comma would begin the engine's own options behind the address, so it is never taken. */
function normalAddress(text: string): string | undefined {
  if (/^\/[^,\p{Cc}]+$/u.test(text)) return text;
  const match = /^(?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]*):)?(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65_535) return undefined;
  const [, host = defaultHost, port] = match;
  if (host.startsWith("[") && isIP(host.slice(1, -1)) !== 6) return undefined;
  return `${host}:${port}`;
}

/** Sockets for a document's listeners. */
export function planListeners(
  document: readonly DocumentListener[],
  options: readonly ListenOption[],
): ListenerPlan {
  const entrances = document.length === 0 ? [[namedOnly(options)]] : groupByPort(document, options);
  const named = new Map(
    options.flatMap((option) => (option.name === undefined ? [] : [[option.name, option.address]])),
  );
  const unnamed = options
    .filter((option) => option.name === undefined)
    .map((option) => option.address);
  const listeners = entrances.map((names, index) => {
    const [first = onlyListener] = names;
    const wanted = names.map((name) => named.get(name)).find((address) => address !== undefined);
    return {
      name: first,
      address: wanted ?? unnamed.shift() ?? `${defaultHost}:${firstPort + index}`,
    };
  });
  return {
    listeners,
    problems: [
      ...strangers(named, entrances),
      ...leftOver(unnamed, entrances),
      ...listeners.flatMap(nameProblem),
    ],
    notices: document.filter((listener) => !isOpened(listener, options)).map(unopened),
  };
}

/** A document without listeners takes the name it is given. */
function namedOnly(options: readonly ListenOption[]): string {
  return options.find((option) => option.name !== undefined)?.name ?? onlyListener;
}

/** Listeners on one port are one socket: which of them a request belongs to is decided by its host. */
function groupByPort(
  document: readonly DocumentListener[],
  options: readonly ListenOption[],
): string[][] {
  const ports = new Map<number, string[]>();
  for (const listener of document.filter((one) => isOpened(one, options))) {
    const names = ports.get(listener.port) ?? [];
    ports.set(listener.port, [...names, listener.name]);
  }
  return [...ports.values()];
}

/** varnishd ends no TLS: such a listener is opened only when an address is given, for a proxy that does. */
function isOpened(listener: DocumentListener, options: readonly ListenOption[]): boolean {
  return listener.protocol === "HTTP" || options.some(({ name }) => name === listener.name);
}

function unopened({ name, protocol }: DocumentListener): string {
  return `The listener ${JSON.stringify(name)} is not opened: varnishd speaks no ${protocol}. Give --listen ${name}=ADDRESS to open it for a proxy that ends TLS.`;
}

function strangers(
  named: ReadonlyMap<string, string>,
  entrances: readonly (readonly string[])[],
): string[] {
  const known = new Set(entrances.flat());
  return [...named.keys()]
    .filter((name) => !known.has(name))
    .map(
      (name) => `there is no listener ${JSON.stringify(name)}; there are: ${[...known].join(", ")}`,
    );
}

function leftOver(unnamed: readonly string[], entrances: readonly unknown[]): string[] {
  return unnamed.map(
    (address) =>
      `no listener is left for the address ${address}: the document has ${entrances.length}`,
  );
}

function nameProblem({ name }: EngineListener): string[] {
  if (name !== "" && socketName(name).length <= longestName) return [];
  return [
    `the listener ${JSON.stringify(name.slice(0, 64))} cannot be opened: its name is empty or too long`,
  ];
}
