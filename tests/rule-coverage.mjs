// Which rules of the Gateway API have a pair of files: the ids of gateway-api-rules.json, and how many inputs in
// ts/gateway-api/testdata/rules name each. A rule without a pair, and a pair that names no known rule, end it with status 1.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}ts/gateway-api/testdata/rules`;

/** @type {{ id: string, text: string, source: string }[]} */
const rules = JSON.parse(readFileSync(`${root}tests/gateway-api-rules.json`, "utf8"));
const counts = new Map(rules.map(({ id }) => [id, 0]));
const problems = [];
if (counts.size !== rules.length) problems.push("gateway-api-rules.json: an id is written twice");
for (const { id, text, source } of rules)
  if (!text || !source) problems.push(`gateway-api-rules.json: ${id} has no text or no source`);

const inputs = readdirSync(folder).filter((name) => name.endsWith(".in.yaml"));
for (const name of inputs) {
  const named = /^# rules: (.*)$/m.exec(readFileSync(`${folder}/${name}`, "utf8"))?.[1] ?? "";
  const ids = named.split(" ").filter(Boolean);
  if (ids.length === 0) problems.push(`${name} names no rule`);
  for (const id of ids) {
    if (counts.has(id)) counts.set(id, counts.get(id) + 1);
    else problems.push(`${name}: ${id} is not a rule of gateway-api-rules.json`);
  }
}

const width = Math.max(...rules.map(({ id }) => id.length));
for (const [id, pairs] of counts) console.log(`${id.padEnd(width)}  ${String(pairs).padStart(3)}`);
const uncovered = rules.filter(({ id }) => counts.get(id) === 0).map(({ id }) => id);
for (const problem of problems) console.error(problem);
console.log(`${rules.length} rules, ${inputs.length} pairs`);
console.log(`uncovered: ${uncovered.length === 0 ? "none" : uncovered.join(", ")}`);
process.exitCode = problems.length + uncovered.length > 0 ? 1 : 0;
