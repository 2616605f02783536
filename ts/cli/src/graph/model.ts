/** Listeners, hosts, rules and services of a document as columns of nodes. Pure. */

import type { RoutingDocument } from "@ghost-gateway/core";
import { describeMatch } from "../routing-document.js";
import type { Rule } from "../routing-document.js";

export interface GraphNode {
  readonly id: string;
  /** 0 listener, 1 host, 2 rule, 3 service or answer. */
  readonly column: number;
  readonly lines: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Matches that a rule's node shows. */
const shownMatches = 4;

/** Every rule of every route, whether a request can reach it or not. */
export function graphOf({ routes = [], listeners = [] }: RoutingDocument): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const node = (column: number, key: string, lines: readonly string[]): string => {
    const known = nodes.get(`${column} ${key}`);
    if (known !== undefined) return known.id;
    const id = `${"lhrs"[column]}${nodes.size}`;
    nodes.set(`${column} ${key}`, { id, column, lines });
    return id;
  };
  const edge = (from: string, to: string, label = ""): void => {
    edges.set(`${from} ${to} ${label}`, { from, to, label });
  };
  const entrances = new Map(
    listeners.map(({ name, port, protocol, hostname }) => [
      name,
      node(0, name, [name, `${protocol} ${port}${hostname ? ` ${hostname}` : ""}`]),
    ]),
  );
  for (const { name, hostnames, rules, listeners: attached } of routes) {
    const hosts = hostnames?.length ? hostnames : ["*"];
    for (const [index, rule] of (rules ?? []).entries()) {
      const ruleName = rule.name ?? String(index);
      const id = node(2, `${name} ${ruleName}`, [`${name}, rule ${ruleName}`, ...matchesOf(rule)]);
      for (const host of hosts) {
        const from = node(1, host, [host]);
        edge(from, id);
        for (const listener of attached ?? entrances.keys()) {
          const entrance = entrances.get(listener);
          if (entrance !== undefined) edge(entrance, from);
        }
      }
      for (const [target, label] of targetsOf(rule)) edge(id, node(3, target, [target]), label);
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function matchesOf({ matches = [] }: Rule): string[] {
  if (matches.length === 0) return ["prefix /"];
  const shown = matches.slice(0, shownMatches).map(describeMatch);
  return matches.length > shownMatches
    ? [...shown, `and ${matches.length - shownMatches} more`]
    : shown;
}

function targetsOf({ backends = [], filters = [] }: Rule): [string, string][] {
  const redirect = filters.find(({ type }) => type === "RequestRedirect");
  if (redirect !== undefined)
    return [[`redirect ${redirect.requestRedirect?.statusCode ?? 302}`, ""]];
  if (backends.length === 0) return [["500 noBackends", ""]];
  const total = backends.reduce((sum, { weight }) => sum + (weight ?? 1), 0);
  return backends.map(({ service, weight }) => {
    const share = total === 0 ? 0 : (100 * (weight ?? 1)) / total;
    return [
      service ?? "500 invalidBackend",
      backends.length === 1 ? "" : `${Number(share.toPrecision(3))} %`,
    ];
  });
}
