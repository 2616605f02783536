/** A graph as text: Graphviz, Mermaid, or a picture of its own. Pure. */

import { printableLine } from "../render/printable.js";
import type { Graph, GraphNode } from "./model.js";

export type GraphFormat = "dot" | "mermaid" | "svg";

export function writeGraph(graph: Graph, format: GraphFormat): string {
  switch (format) {
    case "dot":
      return dot(graph);
    case "mermaid":
      return mermaid(graph);
    case "svg":
      break;
  }
  return svg(graph);
}

function dot({ nodes, edges }: Graph): string {
  const text = (lines: readonly string[]): string =>
    lines.map((line) => printableLine(line).replaceAll(/["\\]/g, (one) => `\\${one}`)).join("\\l");
  return [
    "digraph ghost {",
    "  rankdir=LR;",
    '  node [shape=box, fontname="sans-serif"];',
    ...nodes.map(({ id, lines }) => `  ${id} [label="${text(lines)}\\l"];`),
    ...edges.map(({ from, to, label }) =>
      label === "" ? `  ${from} -> ${to};` : `  ${from} -> ${to} [label="${text([label])}"];`,
    ),
    "}",
    "",
  ].join("\n");
}

/** Mermaid reads entity codes in quoted text, by number. */
function mermaid({ nodes, edges }: Graph): string {
  const text = (line: string): string =>
    printableLine(line).replaceAll(/["#<>&;`|]/g, (one) => `#${one.codePointAt(0)};`);
  return [
    "flowchart LR",
    ...nodes.map(({ id, lines }) => `  ${id}["${lines.map(text).join("<br>")}"]`),
    ...edges.map(({ from, to, label }) =>
      label === "" ? `  ${from} --> ${to}` : `  ${from} -->|"${text(label)}"| ${to}`,
    ),
    "",
  ].join("\n");
}

interface Box extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lengths in pixels. A character of the 12 pixel font is no wider than this. */
const character = 7.3;
const lineHeight = 16;
const padding = 8;
const rowGap = 14;
const columnGap = 120;

function svg({ nodes, edges }: Graph): string {
  const boxes = place(nodes);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const width = Math.max(0, ...boxes.map(({ x, width: own }) => x + own)) + rowGap;
  const height = Math.max(0, ...boxes.map(({ y, height: own }) => y + own)) + rowGap;
  const lines = edges.flatMap(({ from, to, label }) => {
    const [start, end] = [byId.get(from), byId.get(to)];
    return start === undefined || end === undefined ? [] : [connect(start, end, label)];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<style>rect{fill:#fff;stroke:#445}path{fill:none;stroke:#889}text{fill:#112}@media (prefers-color-scheme:dark){rect{fill:#1b1d24;stroke:#99a}path{stroke:#667}text{fill:#eee}}</style>`,
    ...lines,
    ...boxes.map(draw),
    "</svg>",
    "",
  ].join("\n");
}

function place(nodes: readonly GraphNode[]): Box[] {
  const boxes: Box[] = [];
  let x = rowGap;
  for (const column of [0, 1, 2, 3]) {
    const own = nodes.filter((node) => node.column === column);
    if (own.length === 0) continue;
    const longest = Math.max(
      ...own.flatMap(({ lines }) => lines.map((line) => Array.from(line).length)),
    );
    const width = Math.ceil(longest * character + 2 * padding);
    let y = rowGap;
    for (const node of own) {
      const height = node.lines.length * lineHeight + padding;
      boxes.push({ ...node, x, y, width, height });
      y += height + rowGap;
    }
    x += width + columnGap;
  }
  return boxes;
}

function connect(from: Box, to: Box, label: string): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const middle = (x1 + x2) / 2;
  const path = `<path d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
  return label === ""
    ? path
    : `${path}<text x="${x2 - 6}" y="${y2 - 4}" text-anchor="end">${escape(label)}</text>`;
}

function draw({ x, y, width, height, lines }: Box): string {
  const texts = lines.map(
    (line, index) =>
      `<text x="${x + padding}" y="${y + padding / 2 + lineHeight * (index + 0.75)}">${escape(line)}</text>`,
  );
  return `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>${texts.join("")}</g>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(text: string): string {
  return printableLine(text).replaceAll(/[&<>"]/g, (one) => entities[one] ?? one);
}
