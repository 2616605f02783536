/** A page for each diagnostic code, with a document that is found wanting and what is said about it. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const mark =
  "<!-- Generated from the tables of codes and from tests/errors/ by `make generate`; do not edit. -->\n";

/** How samples are written, by the endings of their names. */
const languages = ["json", "yaml", "toml"];

/** Longest sample that a page shows whole, in lines and in characters a line. */
const [mostLines, mostColumns] = [60, 200];

/** @returns {[name: string, text: string][]} */
export function errorPages(codes, samples) {
  return [
    ["README.md", index(codes)],
    ...codes.map((code) => [`${code.code}.md`, page(code, samples)]),
  ];
}

function index(codes) {
  const rows = codes
    .toSorted((left, right) => (left.code < right.code ? -1 : 1))
    .map(({ code, severity, title }) => `| [${code}](${code}.md) | ${severity} | ${title} |`);
  return `${mark}
# Diagnostics

What \`ghostctl check\`, the reload answer and the library say about a document. An *error* leaves something out or makes it
answer 500, and everything else serves; a *warning* serves as written; an *info* is worth knowing. Codes from GH0001 are about
\`ghost.json\` and \`endpoints.json\`, codes from GH0501 about the edge's configuration, codes from GH2001 about Kubernetes objects.

| code | severity | what is found |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function page({ code, severity, title, help }, samples) {
  return `${mark}
# ${code}: ${title}

Severity: ${severity}

${help}
${example(code, samples)}
[All diagnostics](README.md)
`;
}

function example(code, samples) {
  const found = join(samples, `${code}.found.json`);
  if (!existsSync(found)) return "";
  const language = languages.find((ending) => existsSync(join(samples, `${code}.${ending}`)));
  const findings = JSON.parse(readFileSync(found, "utf8")).filter(
    (finding) => finding.code === code,
  );
  // What only a body finds, such as a file that cannot be read, stands in no document.
  const document = join(samples, `${code}.${language}`);
  const sample =
    language === undefined ? "" : `${fence(language, shown(readFileSync(document)))}\n\n`;
  return `
## Example

${sample}${fence("text", findings.map(printed).join("\n"))}
`;
}

/** A sample as text; bytes that are no UTF-8 show as U+FFFD, what is too long is cut. */
function shown(bytes) {
  const lines = bytes.toString("utf8").trimEnd().split("\n");
  const cut = lines
    .slice(0, mostLines)
    .map((line) => (line.length > mostColumns ? `${line.slice(0, mostColumns)} …` : line));
  return [...cut, ...(lines.length > mostLines ? ["…"] : [])].join("\n");
}

function printed({ file, line, column, severity, code, message, help }) {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}\n  help: ${help}`;
}

function fence(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
