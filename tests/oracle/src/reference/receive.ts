/** A question as HTTP: the URL taken apart, Host found, internal headers gone. Knows no routes. */

import { canonicalHost, canonicalPath, hasForbiddenCharacter, portOf } from "../canonical.ts";
import type { Lines, Question } from "../question.ts";
import { isToken } from "./token.ts";

export interface Received {
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly port: number;
  /** Host as received, with port. */
  readonly authority: string;
  /** Canonical host. */
  readonly host: string;
  /** Canonical path. */
  readonly path: string;
  /** Undefined where the target has no question mark. */
  readonly query: string | undefined;
  /** Without Host and without Ghost's own names. */
  readonly headers: Lines;
}

/** Takes a question apart; null where it is no HTTP request (RFC 9112 section 3.2 asks for 400). */
export function receive(question: Question): Received | null {
  const { method, url, headers } = question.request;
  const target = splitTarget(url);
  const hosts = headers.filter(([name]) => name.toLowerCase() === "host");
  if (hosts.length > 1 || ![method, ...headers.map(([name]) => name)].every(isToken)) return null;
  const authority = hosts[0]?.[1].trim() ?? target.authority ?? "";
  const host = canonicalHost(authority);
  const path = canonicalPath(target.path);
  if (host === null || path === null || hasForbiddenCharacter(target.query ?? "")) return null;
  // Only OPTIONS has a target that is no path (RFC 9112 section 3.2.4).
  if (path === "*" && method !== "OPTIONS") return null;
  const scheme = target.scheme ?? "http";
  const port = portOf(target.authority ?? authority) ?? (scheme === "https" ? 443 : 80);
  const visible = headers.filter(([name]) => name.toLowerCase() !== "host" && !isInternal(name));
  const lines = visible.map(([name, value]) => [name, value.trim()] as const);
  return { method, scheme, port, authority, host, path, query: target.query, headers: lines };
}

/** Clients cannot speak as Ghost: names with its prefix are dropped on arrival. */
function isInternal(name: string): boolean {
  return name.toLowerCase().startsWith("x-ghost-");
}

interface Target {
  readonly scheme?: "http" | "https";
  readonly authority?: string;
  readonly path: string;
  readonly query: string | undefined;
}

/** RFC 3986 section 3: scheme, authority, path, query; the fragment is never sent. */
function splitTarget(url: string): Target {
  const sent = url.split("#", 1)[0] ?? "";
  const absolute = /^(https?):\/\/([^/?]*)(.*)$/is.exec(sent);
  const rest = absolute?.[3] ?? sent;
  const mark = rest.indexOf("?");
  const path = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? undefined : rest.slice(mark + 1);
  if (absolute === null) return { path, query };
  const scheme = absolute[1]?.toLowerCase() === "https" ? "https" : "http";
  return { scheme, authority: absolute[2] ?? "", path, query };
}
