/** A replay as people read it. Pure. */

import type { Output } from "../io.js";
import type { NamedDecision, ReplaySummary } from "../replay/summary.js";
import { columns } from "./columns.js";
import { printableLine } from "./printable.js";

/** Rows of the table by route. */
const shownDecisions = 50;
const shownChanges = 20;

export function renderReplay(summary: ReplaySummary, paint: Output["paint"]): string {
  return [table(summary), changes(summary, paint), unreadable(summary, paint)].join("");
}

function table({ decisions, requests }: ReplaySummary): string {
  if (decisions.length === 0) return "";
  const rows = decisions
    .slice(0, shownDecisions)
    .map(({ count, ...decision }) => [
      percent(count, requests),
      String(count),
      printableLine(decision.route ?? "-"),
      printableLine(decision.rule ?? "-"),
      printableLine(outcomeOf(decision)),
    ]);
  const rest = decisions.slice(shownDecisions).reduce((sum, { count }) => sum + count, 0);
  const lines = columns(["share", "requests", "route", "rule", "outcome"], rows);
  if (rest > 0)
    lines.push(
      `${rest} requests in ${decisions.length - shownDecisions} more rows; -o json has them all`,
    );
  return `${lines.join("\n")}\n`;
}

function changes(
  { changed, changes: all, requests }: ReplaySummary,
  paint: Output["paint"],
): string {
  if (changed === null) return "";
  const head = `\n${paint("bold", `${changed} of ${requests} requests are decided differently (${percent(changed, requests)})`)}\n`;
  const shown = all.slice(0, shownChanges).map(({ before, after, count, examples }) => {
    const lines = examples.map(({ line, request }) =>
      paint("dim", `    line ${line}: ${printableLine(`${request.method} ${urlOf(request)}`)}`),
    );
    return [`${paint("yellow", "~")} ${count}  ${moved(before, after)}`, ...lines].join("\n");
  });
  const rest =
    all.length > shownChanges
      ? [`${all.length - shownChanges} more changes; -o json has them all`]
      : [];
  return [head, ...[...shown, ...rest].map((text) => `${text}\n`)].join("");
}

function moved(before: NamedDecision, after: NamedDecision): string {
  const [from, to] = [outcomeOf(before), outcomeOf(after)];
  if (from !== to) return printableLine(`${from} -> ${to}`);
  const rules = [before, after].map(({ route, rule }) => `${route ?? "-"}, rule ${rule ?? "-"}`);
  return printableLine(
    rules[0] === rules[1]
      ? `${from}: ${rules[0]} does something else`
      : `${from}: ${rules[0]} -> ${rules[1]}`,
  );
}

function urlOf({ url, headers = [] }: { url: string; headers?: [string, string][] }): string {
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  return url.startsWith("/") && host !== undefined ? `${host}${url}` : url;
}

function unreadable(
  { unreadable: count, unreadableExamples }: ReplaySummary,
  paint: Output["paint"],
): string {
  if (count === 0) return "";
  const lines = unreadableExamples.map(({ line, reason, text }) =>
    paint("dim", `    line ${line}: ${reason}: ${printableLine(text)}`),
  );
  return [`\n${count} ${count === 1 ? "entry holds" : "entries hold"} no request`, ...lines]
    .map((line) => `${line}\n`)
    .join("");
}

function outcomeOf({ action, status, why, service }: NamedDecision): string {
  if (action === "forward") return service ?? "";
  return action === "redirect" ? "redirect" : `${status} ${why}`;
}

export function percent(count: number, total: number): string {
  return total === 0 ? "0 %" : `${((100 * count) / total).toFixed(2)} %`;
}
