/** Findings for machines that show them in their own way: SARIF 2.1.0, and GitHub's workflow commands. Pure. */

import type { Diagnostic } from "@ghost-gateway/core";

const levels = { error: "error", warning: "warning", info: "note" } as const;
const commands = { error: "error", warning: "warning", info: "notice" } as const;

/** One run of one tool; each code is a rule. */
export function renderSarif(diagnostics: readonly Diagnostic[], version: string): string {
  const rules = new Map(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic]));
  const ids = [...rules.keys()].toSorted();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "ghostctl",
            version,
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: rules.get(id)?.help || id },
              defaultConfiguration: { level: levels[rules.get(id)?.severity ?? "error"] },
            })),
          },
        },
        columnKind: "unicodeCodePoints",
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          ruleIndex: ids.indexOf(diagnostic.code),
          level: levels[diagnostic.severity],
          message: { text: messageOf(diagnostic) },
          locations: locationsOf(diagnostic),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function messageOf({ message, help }: Diagnostic): string {
  return help === "" ? message : `${message}. ${help}`;
}

function locationsOf({ file, line, column }: Diagnostic): unknown[] {
  if (file === "") return [];
  return [
    {
      physicalLocation: {
        artifactLocation: { uri: uriOf(file) },
        region: { startLine: line, startColumn: column },
      },
    },
  ];
}

/** A path as a reference (RFC 3986 section 4.1); a colon in a first segment would be a scheme. */
function uriOf(file: string): string {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${path}` : path;
}

/** A line for each finding that GitHub shows beside the code. */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ file, line, column, severity, code, message, help }) => {
      const place =
        file === ""
          ? ""
          : ` file=${property(file)},line=${line},col=${column},title=${property(code)}`;
      return `::${commands[severity]}${place}::${data(help === "" ? message : `${message}\n${help}`)}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
