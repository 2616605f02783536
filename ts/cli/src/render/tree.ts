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

// eslint-disable-next-line no-control-regex -- colours begin with one
const colour = /(\u001b\[[\d;]*m)/;

/** A line that is too long ends with an ellipsis. Colours take no room, and those that close others stay. */
export function cut(line: string, width: number): string {
  if (Array.from(stripVTControlCharacters(line)).length <= width) return line;
  let room = width - 1;
  const parts = line.split(colour).map((part) => {
    if (colour.test(part)) return part;
    const shown = Array.from(part).slice(0, Math.max(0, room));
    const isLast = room > 0 && shown.length < Array.from(part).length;
    room -= Array.from(part).length;
    return shown.join("") + (isLast || (room === 0 && shown.length > 0) ? "…" : "");
  });
  return parts.join("");
}
