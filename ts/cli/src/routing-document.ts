/** A routing document as an object, for commands that show what is in it. The core has checked the same bytes before. */

import type { RoutingDocument } from "@ghost-gateway/core";
import type { Loaded } from "./loaded.js";

export type Route = NonNullable<RoutingDocument["routes"]>[number];
export type Rule = NonNullable<Route["rules"]>[number];
export type Match = NonNullable<Rule["matches"]>[number];

export function routingDocument({ documents }: Loaded): RoutingDocument {
  const document: RoutingDocument = JSON.parse(Buffer.from(documents.routes).toString("utf8"));
  return document;
}

/** `GET prefix /cart, header x=1`. */
export function describeMatch({ path, method, headers = [], queryParams = [] }: Match): string {
  const words = { Exact: "exact", PathPrefix: "prefix", RegularExpression: "regex" } as const;
  const where = path ? `${words[path.type ?? "PathPrefix"]} ${path.value ?? "/"}` : "prefix /";
  const conditions = [
    ...headers.map(({ type, name, value }) => `header ${name}${sign(type)}${value}`),
    ...queryParams.map(({ type, name, value }) => `query ${name}${sign(type)}${value}`),
  ];
  return [
    method ? `${typeof method === "string" ? method : grpcOf(method)} ${where}` : where,
    ...conditions,
  ].join(", ");
}

function grpcOf({ service, method }: { service?: string | null; method?: string | null }): string {
  return `${service ?? "*"}/${method ?? "*"}`;
}

function sign(type: string | null | undefined): string {
  return type === "RegularExpression" ? "~" : "=";
}
