/**
 * Writes what is generated: JSON Schema and TypeScript types from the Rust types, a page for each diagnostic code,
 * the VMOD's manual, and ghostctl's manual pages, completions and reference.
 *
 *   node ts/core/scripts/generate.mjs           writes the files
 *   node ts/core/scripts/generate.mjs --check   writes nothing, names the stale ones, exits 1 when there are any
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codesModule } from "./codes-module.mjs";
import { withEdgeReference } from "./edge-reference.mjs";
import { errorPages } from "./error-pages.mjs";
import { definitions } from "../../gateway-api/scripts/definitions.mjs";
import { resourceTypes } from "../../gateway-api/scripts/types.mjs";
import { withFeatures } from "../../gateway-api/scripts/features.mjs";
import { typescript } from "./types.mjs";
import { vmodManual } from "./vmod-manual.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Folders in which everything is generated, so that what is left over from a removed type goes. */
const folders = [
  "schemas",
  "docs/errors",
  "docs/vmod",
  "ts/core/src/generated",
  "ts/gateway-api/src/generated",
  "ts/cli/src/generated",
  "ts/cli/man",
  "ts/cli/completions",
];

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

/** The page for people who know the Gateway API, with the features that the code lists. */
const gatewayPage = "docs/gateway-api.md";

/** The page for people who run the edge, with every key of its configuration. */
const edgePage = "docs/edge-configuration.md";

async function featuresPage() {
  const { allFeatures } = await import("@ghost-gateway/gateway-api");
  return withFeatures(readFileSync(join(root, gatewayPage), "utf8"), allFeatures);
}

/** The generated files of today: path from the root -> text. */
async function today() {
  const { schemas, codes } = described();
  const files = new Map();
  for (const { file, schema } of schemas) {
    files.set(`schemas/${file}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
  files.set("ts/core/src/generated/types.ts", await typescript(schemas));
  files.set("ts/gateway-api/src/generated/resources.ts", await resourceTypes(definitions()));
  const allCodes = [...codes, ...(await kubernetesCodes())];
  for (const [name, text] of errorPages(allCodes, join(root, "tests/errors")))
    files.set(`docs/errors/${name}`, text);
  files.set(gatewayPage, await featuresPage());
  const edge = schemas.find(({ file }) => file === "edge").schema;
  files.set(edgePage, withEdgeReference(readFileSync(join(root, edgePage), "utf8"), edge));
  for (const [name, text] of vmodManual(root)) files.set(`docs/vmod/${name}`, text);
  for (const [path, text] of await commandLinePages(allCodes)) files.set(path, text);
  return files;
}

/** What ghostctl's table of commands gives; the codes it explains are compiled into it, so they are written first. */
async function commandLinePages(codes) {
  const path = "ts/cli/src/generated/codes.ts";
  const text = codesModule(codes);
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  execFileSync("tsc", ["-b", "ts/cli"], { cwd: root, stdio: ["ignore", 2, 2] });
  const { pages, withReference } = await import(join(root, "ts/cli/dist/pages/index.js"));
  const page = "docs/ghostctl.md";
  return new Map([
    [path, text],
    ...pages(),
    [page, withReference(readFileSync(join(root, page), "utf8"))],
  ]);
}

function onDisk() {
  const files = new Map();
  for (const folder of folders) {
    mkdirSync(join(root, folder), { recursive: true });
    for (const name of readdirSync(join(root, folder))) {
      files.set(`${folder}/${name}`, readFileSync(join(root, folder, name), "utf8"));
    }
  }
  for (const path of ["docs/ghostctl.md", gatewayPage, edgePage])
    files.set(path, readFileSync(join(root, path), "utf8"));
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
