/**
 * Writes what is generated from the Rust types: JSON Schema, TypeScript types, and a page for each diagnostic code.
 *
 *   node ts/core/scripts/generate.mjs           writes the files
 *   node ts/core/scripts/generate.mjs --check   writes nothing, names the stale ones, exits 1 when there are any
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorPages } from "./error-pages.mjs";
import { typescript } from "./types.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Folders in which everything is generated, so that what is left over from a removed type goes. */
const folders = ["schemas", "docs/errors", "ts/core/src/generated"];

function say(words) {
  process.stderr.write(`generate: ${words}\n`);
}

function described() {
  const command = ["run", "--quiet", "--package", "ghost-schema"];
  return JSON.parse(
    execFileSync("cargo", command, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      maxBuffer: 1 << 26,
    }),
  );
}

/** Codes of the findings in Kubernetes objects; their table is TypeScript, so it is built first. */
async function kubernetesCodes() {
  execFileSync("tsc", ["-b", "ts/gateway-api"], { cwd: root, stdio: ["ignore", 2, 2] });
  const { diagnosticCodes } = await import("@ghost-gateway/gateway-api");
  return Object.values(diagnosticCodes);
}

/** The generated files of today: path from the root -> text. */
async function today() {
  const { schemas, codes } = described();
  const files = new Map();
  for (const { file, schema } of schemas) {
    files.set(`schemas/${file}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
  files.set("ts/core/src/generated/types.ts", await typescript(schemas));
  for (const [name, text] of errorPages(
    [...codes, ...(await kubernetesCodes())],
    join(root, "tests/errors"),
  ))
    files.set(`docs/errors/${name}`, text);
  return files;
}

function onDisk() {
  const files = new Map();
  for (const folder of folders) {
    mkdirSync(join(root, folder), { recursive: true });
    for (const name of readdirSync(join(root, folder))) {
      files.set(`${folder}/${name}`, readFileSync(join(root, folder, name), "utf8"));
    }
  }
  return files;
}

const [wanted, found] = [await today(), onDisk()];
const stale = [...wanted].filter(([path, text]) => found.get(path) !== text).map(([path]) => path);
const leftOver = [...found.keys()].filter((path) => !wanted.has(path));
if (process.argv.includes("--check")) {
  for (const path of [...stale, ...leftOver]) say(`${path} is stale`);
  if (stale.length + leftOver.length > 0) {
    say("run `make generate` and commit what it writes");
    process.exitCode = 1;
  } else {
    say(`${wanted.size} files are up to date`);
  }
} else {
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), wanted.get(path));
    say(`wrote ${path}`);
  }
  for (const path of leftOver) {
    rmSync(join(root, path));
    say(`removed ${path}`);
  }
  say(`${wanted.size} files, ${stale.length} changed`);
}
