// Which rules of the checklist have cases: for each rule of case-rules.json how many cases in cases/ hit it and how many
// nearly do. A rule without a hit or without a near miss, and a file that names no known rule, end it with status 1.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = `${here}cases`;

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** What is wrong with the checklist itself. */
function problemsOfRules(rules) {
  const seen = new Set();
  const problems = [];
  for (const { id, text, source } of rules) {
    if (seen.has(id)) problems.push(`case-rules.json: ${id} is written twice`);
    if (!text || !source) problems.push(`case-rules.json: ${id} has no text or no source`);
    seen.add(id);
  }
  return problems;
}

/** What is wrong with one case file, besides the decisions it expects: those are the runners' concern. */
function problemsOfFile(name, { rule, cases }, known) {
  if (!known.has(rule)) return [`${name}: ${rule} is not a rule of case-rules.json`];
  const problems = [];
  if (!name.startsWith(rule.replaceAll(".", "-"))) {
    problems.push(`${name}: its name does not begin with its rule, ${rule}`);
  }
  const names = cases.map((one) => one.name);
  for (const repeated of names.filter((one, index) => names.indexOf(one) !== index)) {
    problems.push(`${name}: ${repeated} is written twice`);
  }
  return problems;
}

function main() {
  const rules = read(`${here}case-rules.json`);
  const counts = new Map(rules.map(({ id }) => [id, { hits: 0, near: 0 }]));
  const problems = problemsOfRules(rules);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  let cases = 0;
  for (const name of names) {
    const file = read(`${folder}/${name}`);
    problems.push(...problemsOfFile(name, file, counts));
    cases += file.cases.length;
    for (const one of file.cases) {
      const count = counts.get(file.rule) ?? { hits: 0, near: 0 };
      if (one.near) count.near += 1;
      else count.hits += 1;
    }
  }
  const width = Math.max(...rules.map(({ id }) => id.length));
  console.log(`${"rule".padEnd(width)}  hits  near`);
  for (const [id, { hits, near }] of counts) {
    console.log(`${id.padEnd(width)}  ${String(hits).padStart(4)}  ${String(near).padStart(4)}`);
    if (hits === 0) problems.push(`${id} has no hit`);
    if (near === 0) problems.push(`${id} has no near miss`);
  }
  for (const problem of problems) console.error(problem);
  console.log(`${rules.length} rules, ${names.length} files, ${cases} cases`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

main();
