/** Findings as people read them: `file:line:column: severity[code] message`, the lines around, and what to do. Pure. */

import type { Diagnostic } from "@ghost-gateway/core";
import type { Output } from "../io.js";
import { codeFrame } from "./frame.js";
import { printable, printableLine } from "./printable.js";

const colours = { error: "red", warning: "yellow", info: "blue" } as const;

/** One finding as text of several lines. `texts` holds the files by name. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  texts: ReadonlyMap<string, Uint8Array>,
  paint: Output["paint"],
): string {
  const { file, line, column, severity, code, message, help } = diagnostic;
  const place = file === "" ? "" : `${paint("bold", `${printableLine(file)}:${line}:${column}:`)} `;
  const head = `${place}${paint([colours[severity], "bold"], `${severity}[${code}]`)} ${printableLine(message)}`;
  const content = texts.get(file);
  const frame = content === undefined ? [] : codeFrame(content, line, column);
  const lines = [
    head,
    ...frame.map((text) => `  ${paint("dim", text)}`),
    ...(help === "" ? [] : [`  help: ${printable(help)}`]),
  ];
  return `${lines.join("\n")}\n`;
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
