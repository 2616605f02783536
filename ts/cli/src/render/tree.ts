/** Lines with branches, as `tree` draws them, cut to the terminal's width. Pure. */

import { stripVTControlCharacters } from "node:util";

export interface Branch {
  /** May be coloured. */
  readonly label: string;
  readonly children?: readonly Branch[];
}

/** The root's label, then its branches. */
export function renderTree({ label, children = [] }: Branch, width: number): string {
  return [cut(label, width), ...branches(children, "", width)].map((line) => `${line}\n`).join("");
}

function branches(children: readonly Branch[], indent: string, width: number): string[] {
  return children.flatMap(({ label, children: inner = [] }, index) => {
    const isLast = index === children.length - 1;
    return [
      cut(`${indent}${isLast ? "└─ " : "├─ "}${label}`, width),
      ...branches(inner, `${indent}${isLast ? "   " : "│  "}`, width),
    ];
  });
}

/** A line that is too long ends with an ellipsis; colours do not count, and go where something is cut. */
export function cut(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  const characters = Array.from(plain);
  if (characters.length <= width) return line;
  return `${characters.slice(0, width - 1).join("")}…`;
}
