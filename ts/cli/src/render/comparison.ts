/** What two configurations answer differently, in sentences about requests. Pure. */

import type { Comparison, Decision } from "@ghost-gateway/core";
import type { Output, Style } from "../io.js";
import { outcomeOf } from "../split.js";
import { printableLine } from "./printable.js";

type RequestClass = Comparison["classes"][number];

/** Requests with the same change are told together, after this many of them by their number. */
const shownTogether = 4;

/** One sentence for each change, and under it the requests that it is about. */
export function renderComparison(classes: readonly RequestClass[], paint: Output["paint"]): string {
  const groups = Map.groupBy(classes, (one) => `${signOf(one)} ${sentenceOf(one)}`);
  return [...groups.values()].map((group) => renderGroup(group, paint)).join("");
}

function renderGroup(group: readonly RequestClass[], paint: Output["paint"]): string {
  const [first] = group;
  if (first === undefined) return "";
  const sign = signOf(first);
  const requests = group.map((one) => describe(one));
  const lines =
    requests.length === 1
      ? [`${paint(colours[sign], sign)} ${requests[0]} ${sentenceOf(first)}`]
      : [
          `${paint(colours[sign], sign)} ${requests.length} classes of requests: each ${sentenceOf(first)}`,
          ...requests.slice(0, shownTogether).map((request) => `    ${request}`),
          ...(requests.length > shownTogether
            ? [`    and ${requests.length - shownTogether} more`]
            : []),
        ];
  return `${lines.join("\n")}\n`;
}

type Sign = "+" | "-" | "~";

const colours: Readonly<Record<Sign, Style>> = { "+": "green", "-": "red", "~": "yellow" };

/** Whether requests were taken up, given up, or are answered in another way. */
function signOf({ before, after }: RequestClass): Sign {
  if (before.route === null && after.route !== null) return "+";
  return before.route !== null && after.route === null ? "-" : "~";
}

function describe({ host, path, method, request, sampled }: RequestClass): string {
  const [, query] = request.url.split("?", 2);
  const conditions = (request.headers ?? []).map(([name, value]) => `${name}: ${value}`);
  const where = `${host}${path}${query === undefined ? "" : `?${query}`}`;
  const word = method === null ? where : `${method} ${where}`;
  const extra = [...conditions, ...(sampled ? [`for example ${request.url}`] : [])];
  return printableLine(extra.length === 0 ? word : `${word} (${extra.join("; ")})`);
}

/** What happens to the requests. */
function sentenceOf({ before, after, changed, share }: RequestClass): string {
  const part = share > 0.999_999 ? "" : `${percent(share)} of them: `;
  const from = printableLine(outcomeOf(before));
  const to = printableLine(outcomeOf(after));
  if (before.route === null) return `${part}now ${to}, was ${from}`;
  if (after.route === null) return `${part}no longer ${from}, now ${to}`;
  if (from !== to) return `${part}moves from ${from} to ${to}`;
  return `${part}${stays(before, changed, to)}`;
}

const effects: Readonly<Record<string, string>> = {
  request: "the request is changed in another way",
  responseHeaders: "other response headers",
  policy: "other timeouts, retries or caching",
  mirrors: "copies go elsewhere",
};

function stays(decision: Decision, changed: readonly string[], outcome: string): string {
  const said = changed.flatMap((word) => effects[word] ?? []);
  if (changed.includes("route"))
    said.push(
      decision.action === "forward"
        ? "taken by another rule, so that stored objects are not found again"
        : "taken by another rule",
    );
  return `stays with ${outcome}: ${said.join(", ")}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
