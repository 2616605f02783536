/** The core's findings as marks in the editor. Pure. */

import type { Diagnostic as Mark } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { Diagnostic } from "@ghost-gateway/core/browser";

export function marksOf(diagnostics: readonly Diagnostic[], document: Text): Mark[] {
  return diagnostics.flatMap((diagnostic) => {
    const { line, column, severity, code, message, help } = diagnostic;
    // Findings about the configuration as a whole stand in the list alone.
    if (line < 1 || line > document.lines) return [];
    const { text, from: start } = document.line(line);
    const from = start + offsetOf(text, column);
    const to = from + wordLength(text.slice(from - start));
    return [{ from, to, severity, source: code, message: `${message}\n${help}` }];
  });
}

/** Columns count Unicode scalar values from 1; the editor counts UTF-16 units from 0. */
function offsetOf(line: string, column: number): number {
  return Array.from(line)
    .slice(0, Math.max(0, column - 1))
    .join("").length;
}

/** A string to its end, a word, or one character. */
function wordLength(rest: string): number {
  return /^(?:"(?:[^"\\]|\\.)*"|[\w./*-]+)/.exec(rest)?.[0].length ?? Math.min(1, rest.length);
}
