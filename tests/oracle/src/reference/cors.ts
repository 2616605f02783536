/** HTTPCORSFilter, with the Fetch standard's CORS protocol. */

import type { Cors } from "../document.ts";
import type { Lines, ResponseEdits } from "../question.ts";
import type { Received } from "./receive.ts";

/** A preflight is OPTIONS with Origin and Access-Control-Request-Method; the gateway answers it itself. */
export function isPreflight(received: Received): boolean {
  return (
    received.method === "OPTIONS" &&
    valueOf(received.headers, "origin") !== undefined &&
    valueOf(received.headers, "access-control-request-method") !== undefined
  );
}

/** The headers of the answer to a preflight; none where the origin is not allowed. */
export function preflightHeaders(cors: Cors, { headers }: Received): ResponseEdits {
  const shared = responseHeaders(cors, headers);
  if (shared.length === 0) return [];
  const method = valueOf(headers, "access-control-request-method");
  const names = valueOf(headers, "access-control-request-headers");
  return [
    ...shared,
    ...listed("access-control-allow-methods", cors.allowMethods, cors, method),
    ...(names === undefined
      ? []
      : listed("access-control-allow-headers", cors.allowHeaders, cors, names)),
    ["access-control-max-age", String(cors.maxAge ?? 5)],
  ];
}

/** What every answer to an allowed origin carries. */
export function responseHeaders(cors: Cors, headers: Lines): ResponseEdits {
  const origin = valueOf(headers, "origin");
  if (origin === undefined || !(cors.allowOrigins ?? []).some((own) => originTakes(own, origin)))
    return [];
  return [
    ["access-control-allow-origin", anyOrigin(cors) ? "*" : origin],
    ...(cors.allowCredentials ? ([["access-control-allow-credentials", "true"]] as const) : []),
    ...listed("access-control-expose-headers", cors.exposeHeaders, cors, undefined),
  ];
}

/** `*` may stand in an answer only without credentials. */
function anyOrigin(cors: Cors): boolean {
  return (cors.allowOrigins ?? []).includes("*") && cors.allowCredentials !== true;
}

/** The configured list; with credentials a wildcard echoes what was asked for, and nothing where nothing was. */
function listed(
  name: string,
  values: readonly string[] = [],
  cors: Cors,
  asked: string | undefined,
): ResponseEdits {
  if (values.length === 0) return [];
  if (!values.includes("*")) return [[name, values.join(",")]];
  if (cors.allowCredentials !== true) return [[name, "*"]];
  return asked === undefined ? [] : [[name, asked]];
}

/**
 * Scheme, host and port are the same, a port left out being the scheme's own; `*` in the host stands for any number
 * of characters, dots too; `*` alone takes every origin.
 */
function originTakes(pattern: string, origin: string): boolean {
  if (pattern === "*") return true;
  const [own, other] = [originParts(pattern), originParts(origin)];
  if (own === null || other === null) return false;
  return own.scheme === other.scheme && own.port === other.port && hostTakes(own.host, other.host);
}

function hostTakes(pattern: string, host: string): boolean {
  const literal = pattern.split("*").map((part) => part.replaceAll(/[.\\[\]()+?^$|{}]/g, "\\$&"));
  return new RegExp(`^${literal.join(".+")}$`).test(host);
}

function originParts(origin: string): { scheme: string; host: string; port: string } | null {
  const parts = /^(https?):\/\/([^/:]+)(?::([0-9]+))?$/.exec(origin.toLowerCase());
  if (parts === null) return null;
  const [, scheme = "", host = "", port = scheme === "https" ? "443" : "80"] = parts;
  return { scheme, host, port };
}

function valueOf(lines: Lines, name: string): string | undefined {
  return lines.find(([own]) => own.toLowerCase() === name)?.[1];
}
