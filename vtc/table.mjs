// Makes docs/vmod-coverage.md from what the cases claim on their first line: how many there are for each row and filter.
//
//   node vtc/table.mjs             writes it
//   node vtc/table.mjs --check     fails when it is stale, a cell is empty, or a case claims nothing
//   node vtc/table.mjs --results   fails when a cell has no case that passed on each engine, as vtc/run and vtc/matrix left it
//
// A first line reads `varnishtest "G6 G7 RequestRedirect CORS: the claim"`: rows, filters, and what must hold.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = `${root}/docs/vmod-coverage.md`;

const rows = {
  G1: "routing by host, path, method, header and query",
  G2: "splits over services and endpoints",
  G3: "backends made and dropped",
  G4: "reloads",
  G5: "answers without a backend",
  G6: "filters",
  G7: "redirects",
  G8: "errors with their place; nothing harms the child",
  G9: "counters and logs",
};
const filters = [
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "URLRewrite",
  "RequestRedirect",
  "CORS",
];
/** Engines, and where vtc/run and vtc/matrix leave the names of the cases that passed. */
const results = {
  "Varnish 7.1": `${root}/target/engines/here.passed`,
  "Varnish 7.7": `${root}/target/engines/trixie.passed`,
  "Vinyl Cache 9.0": `${root}/target/engines/forky.passed`,
};
const engines = Object.keys(results);

/** Cells that can hold nothing, with the reason. */
const impossible = { G7: "a redirect is a filter" };

/** The cases with what they claim, and what is wrong with first lines. */
function readClaims() {
  const [cases, wrong] = [[], []];
  for (const file of readdirSync(`${root}/vtc`)
    .filter((name) => name.endsWith(".vtc"))
    .toSorted()) {
    const [line] = readFileSync(`${root}/vtc/${file}`, "utf8").split("\n", 1);
    const [, words = "", claim] = /^varnishtest "(G[1-9][A-Za-z0-9 ]*): (.+)"$/.exec(line) ?? [];
    const known = words.split(" ").every((word) => word in rows || filters.includes(word));
    if (claim === undefined || !known) wrong.push(`${file}: its first line names no row: ${line}`);
    else cases.push({ name: file.replace(/\.vtc$/, ""), words: words.split(" "), claim });
  }
  return { cases, wrong };
}

/** The cases of a cell; without a filter those that claim none. */
function cell(cases, row, filter) {
  return cases.filter(({ words }) => {
    const own = words.filter((word) => filters.includes(word));
    return words.includes(row) && (filter === undefined ? own.length === 0 : own.includes(filter));
  });
}

function render({ cases }) {
  const columns = [undefined, ...filters];
  const table = Object.entries(rows).map(([row, about]) => {
    const cells = columns.map((filter) => {
      const list = cell(cases, row, filter);
      if (filter === undefined && row in impossible) return impossible[row];
      return list.length === 0 ? "**none**" : String(list.length);
    });
    return `| ${row} ${about} | ${cells.join(" | ")} |`;
  });
  const lists = Object.entries(rows).flatMap(([row, about]) => [
    `\n## ${row}: ${about}\n`,
    ...cases
      .filter(({ words }) => words.includes(row))
      .map(({ name, claim }) => `- [${name}](../vtc/${name}.vtc): ${claim}`),
  ]);
  return `<!-- Written by vtc/table.mjs. -->

# What the VMOD's cases claim

${cases.length} varnishtest cases. \`make matrix\` runs each of them on ${engines.join(", ")} and fails when one does not
pass, or when a cell of this table is empty on one of them. A cell is the number of cases for a row and a filter.

| row | no filter | ${filters.join(" | ")} |
| --- | ${columns.map(() => "---").join(" | ")} |
${table.join("\n")}
${lists.join("\n")}
`;
}

/** Cells without a case, or without one that passed on each of the engines of `passed`. */
function gaps({ cases }, passed) {
  return Object.keys(rows).flatMap((row) =>
    [undefined, ...filters].flatMap((filter) => {
      if (filter === undefined && row in impossible) return [];
      const list = cell(cases, row, filter);
      const where = `${row} x ${filter ?? "no filter"}`;
      if (list.length === 0) return [`${where}: no case`];
      return Object.entries(passed)
        .filter(([, names]) => !list.some(({ name }) => names.includes(name)))
        .map(([engine]) => `${where}: no case passed on ${engine}`);
    }),
  );
}

function measured() {
  const read = (file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
  return Object.fromEntries(Object.entries(results).map(([engine, file]) => [engine, read(file)]));
}

const [mode] = process.argv.slice(2);
const passed = mode === "--results" ? measured() : {};
const claims = readClaims();
const problems = [...claims.wrong, ...gaps(claims, passed)];
const text = render(claims);
if (mode === undefined) writeFileSync(page, text);
else if (!existsSync(page) || readFileSync(page, "utf8") !== text)
  problems.push("docs/vmod-coverage.md is stale: run node vtc/table.mjs");
for (const problem of problems) process.stderr.write(`table: ${problem}\n`);
const cells =
  (Object.keys(rows).length * (filters.length + 1) - Object.keys(impossible).length) *
  Math.max(1, Object.keys(passed).length);
process.stdout.write(`${cells - problems.length} passed, ${problems.length} failed\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
