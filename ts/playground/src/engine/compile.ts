/** Text to a table to ask, with everything that is wrong with it. */

import type { Core, Diagnostic, RouteTable } from "@ghost-gateway/core/browser";
import { readObjects, relocate, translate } from "@ghost-gateway/gateway-api";

/** How the text is written. */
export type Format = "ghost.json" | "manifests";

export interface Compiled {
  /** Null where the text cannot be read. */
  readonly table: RouteTable | null;
  /** By place. */
  readonly diagnostics: readonly Diagnostic[];
}

const fileNames: Record<Format, string> = { "ghost.json": "ghost.json", manifests: "routes.yaml" };

export function compile(core: Core, text: string, format: Format): Compiled {
  return format === "ghost.json" ? compileDocument(core, text) : compileManifests(core, text);
}

function compileDocument(core: Core, text: string): Compiled {
  const routes = new TextEncoder().encode(text);
  const file = fileNames["ghost.json"];
  const { table } = core.compile({ routes, file });
  return { table, diagnostics: core.check(routes, file).diagnostics };
}

function compileManifests(core: Core, text: string): Compiled {
  const file = fileNames.manifests;
  const read = readObjects([{ name: file, text }]);
  const translated = translate(read.objects, { isPartial: true });
  const routes = new TextEncoder().encode(JSON.stringify(translated.document));
  const { table } = core.compile({ routes, file });
  const found = core.check(routes, file).diagnostics;
  const diagnostics = [
    ...read.diagnostics,
    ...translated.diagnostics,
    ...relocate(found, translated.document, read.objects),
  ];
  const isWhole = read.diagnostics.every(({ severity }) => severity !== "error");
  return { table: isWhole ? table : null, diagnostics };
}

/** What a text most likely is: a routing document is one JSON object that says its version. */
export function formatOf(text: string): Format {
  return /^\s*\{/.test(text) && !/"apiVersion"\s*:/.test(text) ? "ghost.json" : "manifests";
}
