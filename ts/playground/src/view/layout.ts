/** Where boxes and lines of the graph go: rules on the left, services on the right. Pure. */

import type { Decision, ListedRule } from "@ghost-gateway/core/browser";

export interface Box {
  readonly kind: "rule" | "service";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Cut to the box. */
  readonly label: string;
  readonly full: string;
  readonly isTaken: boolean;
}

export interface Edge {
  /** SVG path data. */
  readonly path: string;
  readonly isTaken: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Box[];
  readonly edges: readonly Edge[];
  /** Rules beyond what a picture can show. */
  readonly hidden: number;
}

const most = 60;
const row = 30;
const boxWidth = 250;
const boxHeight = 22;
const gap = 120;
const characters = 34;

export function layOut(rules: readonly ListedRule[], decision: Decision | undefined): Layout {
  const shown = rules.slice(0, most);
  const services = [...new Set(shown.flatMap((rule) => rule.services))];
  const isWinner = ({ route, rule }: ListedRule): boolean =>
    decision !== undefined && decision.route === route && decision.rule === rule;
  const height = Math.max(shown.length, services.length, 1) * row;
  const top = (count: number): number => (height - count * row) / 2;
  const ruleTop = top(shown.length);
  const serviceTop = top(services.length);
  const ruleBoxes = shown.map((rule, index): Box => {
    const full = `${rule.route} / ${rule.rule}`;
    return box("rule", 0, ruleTop + index * row, full, isWinner(rule));
  });
  const serviceBoxes = services.map((service, index): Box => {
    const y = serviceTop + index * row;
    return box("service", boxWidth + gap, y, service, decision?.service === service);
  });
  const edges = shown.flatMap((rule, from) =>
    rule.services.map((service): Edge => {
      const to = services.indexOf(service);
      const isTaken = isWinner(rule) && decision?.service === service;
      return { path: curve(ruleTop + from * row, serviceTop + to * row), isTaken };
    }),
  );
  return {
    width: boxWidth * 2 + gap,
    height,
    nodes: [...ruleBoxes, ...serviceBoxes],
    // Taken ways last, so that they lie above the others.
    edges: edges.toSorted((a, b) => Number(a.isTaken) - Number(b.isTaken)),
    hidden: rules.length - shown.length,
  };
}

function box(kind: Box["kind"], x: number, y: number, full: string, isTaken: boolean): Box {
  const label = full.length > characters ? `${full.slice(0, characters - 1)}…` : full;
  return { kind, x, y, width: boxWidth, label, full, isTaken };
}

function curve(fromY: number, toY: number): string {
  const [start, end] = [boxWidth, boxWidth + gap];
  const middle = (start + end) / 2;
  const [y1, y2] = [fromY + boxHeight / 2, toY + boxHeight / 2];
  return `M${start} ${y1} C${middle} ${y1} ${middle} ${y2} ${end} ${y2}`;
}
