/** Twenty requests, and what is compared between the decision and what really happened. Pure. */

import type { Decision, RequestInput } from "@ghost-gateway/core";
import type { Received } from "./client.js";

const get = (url: string, headers: [string, string][] = []): RequestInput => ({
  method: "GET",
  url,
  headers,
});

export const requests: readonly RequestInput[] = [
  get("http://shop.example/"),
  get("http://shop.example/cart"),
  get("http://shop.example/cart/42?size=m"),
  get("http://shop.example/cartoon"),
  get("http://shop.example/cart/checkout"),
  { method: "POST", url: "http://shop.example/cart" },
  { method: "DELETE", url: "http://shop.example/cart/42" },
  get("http://shop.example/items/7"),
  get("http://shop.example/items/seven"),
  get("http://shop.example/", [["x-beta", "yes"]]),
  get("http://shop.example/?preview=1"),
  get("http://shop.example/api/users?page=2", [["x-secret", "1"]]),
  get("http://SHOP.example/api"),
  get("http://shop.example/old"),
  get("http://shop.example/moved/a/b?c=d"),
  get("http://shop.example/down"),
  get("http://a.shop.example/cart"),
  get("http://a.b.shop.example/"),
  get("http://unknown.example/"),
  get("http://example/cart"),
];

/** The same facts about a decision and about an answer; equal where they agree. */
export interface Outcome {
  readonly status: number;
  readonly service?: string;
  readonly location?: string;
  /** Method, host and target as the service saw them. */
  readonly forwarded?: string;
  /** What filters did to headers. */
  readonly headers?: string;
}

/** Headers that the demo's filters touch. */
const watched = ["x-from", "x-secret"];

export function decided({ action, status, location, service, request }: Decision): Outcome {
  if (action === "redirect") return { status: status ?? 0, location: location ?? "" };
  if (action === "answer") return { status: status ?? 0 };
  const target = request.query === "" ? request.path : `${request.path}?${request.query}`;
  const lines = request.headers
    .filter(([name]) => watched.includes(name))
    .map(([name, value]) => `${name}: ${value}`);
  return {
    status: 200,
    service: service ?? "",
    forwarded: `${request.method} ${request.host} ${target}`,
    headers: lines.join(", "),
  };
}

export function observed({ status, headers, echo }: Received): Outcome {
  if (status >= 300 && status < 400) return { status, location: headers.location ?? "" };
  if (echo === undefined) return { status };
  const lines = watched
    .filter((name) => echo.headers?.[name] !== undefined)
    .map((name) => `${name}: ${String(echo.headers?.[name])}`);
  return {
    status,
    service: echo.service ?? "",
    forwarded: `${echo.method} ${echo.host} ${echo.url}`,
    headers: lines.join(", "),
  };
}

/** Whether every fact agrees. */
export function agree(left: Outcome, right: Outcome): boolean {
  return describe(left) === describe(right) && left.headers === right.headers;
}

/** In a table's cell. */
export function describe({ status, service, location, forwarded }: Outcome): string {
  if (location !== undefined) return `${status} ${location}`;
  return service === undefined
    ? `${status}`
    : `${service} ${forwarded ?? ""}`.replace(/ GET /, " ");
}
