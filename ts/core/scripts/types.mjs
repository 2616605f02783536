/** TypeScript types from the schemas of the Rust types. Pure. */

import { compile } from "json-schema-to-typescript";

const banner = "// Generated from the Rust types by `make generate`; do not edit.\n";

/** Rust names of JSON objects that have a shorter name outside. */
const renamed = new Map([
  ["DecisionDocument", "Decision"],
  ["CandidateDocument", "Candidate"],
]);

function nameOf(definition) {
  return renamed.get(definition) ?? definition;
}

/** References follow the renaming; titles go, because they would name types after files. */
function inner(value) {
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, held]) => !(key === "title" && typeof held === "string"),
  );
  return Object.fromEntries(
    entries.map(([key, held]) =>
      key === "$ref"
        ? [key, `#/definitions/${nameOf(held.slice("#/definitions/".length))}`]
        : [key, inner(held)],
    ),
  );
}

/** All types of all schemas by name. The same name must mean the same type. */
function definitionsOf(schemas) {
  const all = new Map();
  for (const { name, schema } of schemas) {
    const { definitions = {}, $schema: _, ...own } = schema;
    for (const [key, definition] of [...Object.entries(definitions), [name, own]]) {
      const [type, text] = [nameOf(key), JSON.stringify(inner(definition))];
      if (all.has(type) && all.get(type) !== text)
        throw new Error(`two different types are called ${type}`);
      all.set(type, text);
    }
  }
  return Object.fromEntries([...all].map(([type, text]) => [type, JSON.parse(text)]));
}

export async function typescript(schemas) {
  const everything = {
    definitions: definitionsOf(schemas),
    type: "object",
    additionalProperties: false,
  };
  const text = await compile(everything, "Nothing", {
    additionalProperties: false,
    bannerComment: banner,
    unreachableDefinitions: true,
    format: true,
    style: { printWidth: 100 },
  });
  // The schema that only holds the others is no type; nor is it news that each of them came from it.
  return text
    .replace(/export interface Nothing \{\}\n/, "")
    .replaceAll(
      /^ \* This interface was referenced by `Nothing`'s JSON-Schema\n \* via the `definition` ".*"\.\n/gm,
      "",
    )
    .replaceAll(/^\/\*\*\n \*\/\n/gm, "")
    .replaceAll(/^ \*\n \*\/$/gm, " */");
}
