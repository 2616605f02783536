/** Findings as people read them: `file:line:column: severity[code] message`, the lines around, and what to do. Pure. */

import type { Diagnostic } from "@ghost-gateway/core";
import type { Output } from "../io.js";
import { codeFrame, splitLines } from "./frame.js";
import { printable, printableLine } from "./printable.js";

const colours = { error: "red", warning: "yellow", info: "blue" } as const;

/** Lines of the files that findings name, by the files' names. */
export type SourceLines = (file: string) => readonly string[];

/** Lines of files that were read; each is split when it is first asked for. */
export function linesOf(texts: ReadonlyMap<string, Uint8Array>): SourceLines {
  const split = new Map<string, readonly string[]>();
  return (file) => {
    const lines = split.get(file) ?? splitLines(texts.get(file) ?? new Uint8Array());
    split.set(file, lines);
    return lines;
  };
}

/** One finding as text of several lines. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  lines: SourceLines,
  paint: Output["paint"],
): string {
  const { file, line, column, severity, code, message, help } = diagnostic;
  const place = file === "" ? "" : `${paint("bold", `${printableLine(file)}:${line}:${column}:`)} `;
  const head = `${place}${paint([colours[severity], "bold"], `${severity}[${code}]`)} ${printableLine(message)}`;
  const frame = codeFrame(lines(file), line, column).map((text) => `  ${paint("dim", text)}`);
  const advice = help === "" ? [] : [`  help: ${printable(help)}`];
  return `${[head, ...frame, ...advice].join("\n")}\n`;
}

/** How many of each kind, in words; empty where there is none. */
export function countSeverities(diagnostics: readonly Diagnostic[]): string {
  const kinds = ["error", "warning", "info"] as const;
  const counts = kinds.map(
    (kind) => [kind, diagnostics.filter(({ severity }) => severity === kind).length] as const,
  );
  return counts
    .flatMap(([kind, count]) =>
      count === 0
        ? []
        : [count === 1 || kind === "info" ? `${count} ${kind}` : `${count} ${kind}s`],
    )
    .join(", ");
}
