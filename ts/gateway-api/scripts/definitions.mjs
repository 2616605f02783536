/**
 * The Gateway API's own definitions (CustomResourceDefinitions, experimental channel), condensed to what types and tests need.
 *
 *   node ts/gateway-api/scripts/definitions.mjs FOLDER    takes them over from config/crd/experimental of a release
 *
 * The condensed file is kept in the repository, so that generating needs neither network nor Go; it names the release and the
 * SHA-256 of every file it was made of.
 */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const kept = fileURLToPath(new URL("../definitions/gateway-api.json", import.meta.url));
const bundleVersion = "gateway.networking.k8s.io/bundle-version";
/** What of a schema bears on the shape of values. */
const shapeWords = new Set([
  "type",
  "properties",
  "items",
  "required",
  "enum",
  "additionalProperties",
  "default",
]);

/** The definitions as kept: release, files, and kind -> version -> schema. */
export function definitions() {
  return JSON.parse(readFileSync(kept, "utf8"));
}

/** A schema without prose and rules. */
function condense(schema) {
  const entries = Object.entries(schema).filter(([word]) => shapeWords.has(word));
  return Object.fromEntries(
    entries.map(([word, value]) => {
      if (word === "properties")
        return [
          word,
          Object.fromEntries(Object.entries(value).map(([name, own]) => [name, condense(own)])),
        ];
      const isSchema =
        word === "items" || (word === "additionalProperties" && typeof value === "object");
      return [word, isSchema ? condense(value) : value];
    }),
  );
}

function takeOver(folder) {
  const files = {};
  const resources = {};
  const releases = new Set();
  for (const name of readdirSync(folder)
    .filter((file) => file.startsWith("gateway.networking.k8s.io_"))
    .toSorted()) {
    const text = readFileSync(join(folder, name), "utf8");
    // The release's admission policy lies beside the definitions.
    if (!text.includes("\nkind: CustomResourceDefinition\n")) continue;
    const { metadata, spec } = parse(text);
    files[name] = createHash("sha256").update(text).digest("hex");
    releases.add(metadata.annotations[bundleVersion]);
    const served = spec.versions.filter((version) => version.served);
    resources[spec.names.kind] = Object.fromEntries(
      served.map((version) => [version.name, condense(version.schema.openAPIV3Schema)]),
    );
  }
  if (releases.size !== 1) throw new Error(`files of ${releases.size} releases are in ${folder}`);
  return { release: [...releases][0], channel: "experimental", files, resources };
}

const [folder] = process.argv.slice(2);
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (folder === undefined) {
    process.stderr.write("usage: node ts/gateway-api/scripts/definitions.mjs FOLDER\n");
    process.exitCode = 2;
  } else {
    const { release, ...rest } = takeOver(folder);
    writeFileSync(kept, `${JSON.stringify({ release, ...rest }, null, 1)}\n`);
    process.stderr.write(`definitions: took over ${release}\n`);
  }
}
