/** An explanation as people read it: hosts, best first, and under each the matches in order of precedence. Pure. */

import type { Explanation, RequestInput } from "@ghost-gateway/core";
import type { Output, Style } from "../io.js";
import { verdictOf } from "./decision.js";
import { printableLine } from "./printable.js";
import { renderTree } from "./tree.js";
import type { Branch } from "./tree.js";

type Candidate = Explanation["candidates"][number];

export interface ExplanationStyle {
  readonly paint: Output["paint"];
  readonly width: number;
  /** Whether matches far behind the winner are shown too. */
  readonly showAll: boolean;
}

/** Matches shown behind the winner, of each host. */
const shownBehind = 5;

const colours: Readonly<Record<string, Style>> = { won: "green", rank: "dim" };

export function renderExplanation(
  request: RequestInput,
  { decision, candidates, unlisted, otherHosts }: Explanation,
  style: ExplanationStyle,
): string {
  const { paint, width } = style;
  const asked = printableLine(`${request.method} ${request.url}`);
  const hosts = Map.groupBy(candidates, ({ host }) => host);
  const tree = {
    label: `${asked} ${paint("bold", printableLine(verdictOf(decision)))}`,
    children: [
      ...(decision.listener === null
        ? []
        : [{ label: `listener ${printableLine(decision.listener)}` }]),
      ...[...hosts].map(([host, ofHost]) => ({
        label: `host ${printableLine(host)}`,
        children: branchesOf(ofHost, style),
      })),
      ...(unlisted > 0
        ? [{ label: paint("dim", `${count(unlisted, "more match")} not listed`) }]
        : []),
      ...(otherHosts > 0
        ? [{ label: paint("dim", `${count(otherHosts, "match")} of other hosts`) }]
        : []),
    ],
  };
  return renderTree(tree, width);
}

function branchesOf(candidates: readonly Candidate[], style: ExplanationStyle): Branch[] {
  const won = candidates.findIndex(({ stage }) => stage === "won");
  const shown = style.showAll ? candidates.length : Math.max(won, 0) + 1 + shownBehind;
  const branches = candidates.slice(0, shown).map((candidate) => branchOf(candidate, style));
  const rest = candidates.length - branches.length;
  return rest > 0
    ? [...branches, { label: style.paint("dim", `${count(rest, "more match")}; --all lists them`) }]
    : branches;
}

function branchOf(candidate: Candidate, { paint }: ExplanationStyle): Branch {
  const { route, rule, match, path, source, stage, reason } = candidate;
  const mark = stage === "won" ? "won" : `lost at ${stage}`;
  const name = printableLine(`${path}  ${route}, rule ${rule}, match ${match}`);
  return {
    label: `${paint(colours[stage] ?? "yellow", mark)}  ${name}`,
    children: [
      ...(stage === "won" ? [] : [{ label: printableLine(reason) }]),
      ...(source === "" ? [] : [{ label: paint("dim", printableLine(source)) }]),
    ],
  };
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith("match") ? `${noun}es` : `${noun}s`}`;
}
