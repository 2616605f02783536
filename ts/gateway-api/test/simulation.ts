/** Requests asked of a translated document, by the core itself. */

import { loadCore } from "@ghost-gateway/core";
import type { Decision, RouteTable } from "@ghost-gateway/core";
import type { RoutingDocument } from "../src/index.js";

export interface SimulatedRequest {
  readonly method?: string;
  /** Its host is sent as it is written, port included. */
  readonly url: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** Port of the listener it comes in by. Absent: the scheme's own. */
  readonly port?: number;
}

const core = loadCore();

/** A table of the document. That the core quarantines a part of it is not an error here. */
export function tableOf(document: RoutingDocument): RouteTable {
  const routes = new TextEncoder().encode(JSON.stringify(document));
  const { table } = core.compile({ routes, file: "translated.json" });
  if (table === null) throw new Error("the core cannot read what was translated");
  return table;
}

export function decide(table: RouteTable, request: SimulatedRequest): Decision {
  const { method = "GET", url, headers = [], port } = request;
  const [scheme = "http", rest = ""] = url.split("://");
  const slash = rest.indexOf("/");
  const [host, target] = slash === -1 ? [rest, "/"] : [rest.slice(0, slash), rest.slice(slash)];
  const entrance = port ?? (scheme === "https" ? 443 : 80);
  return table.decide({
    method,
    url: `${scheme}://entrance:${entrance}${target}`,
    headers: [["host", host], ...headers.map(([name, value]): [string, string] => [name, value])],
  });
}
