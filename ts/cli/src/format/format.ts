/** A configuration file in its one form: keys and matches in order, comments kept. Decides nothing: what it means stays. */

import { parseAllDocuments, parseDocument } from "yaml";
import type { Document } from "yaml";
import { usageFailure } from "../exit.js";
import { arrange } from "./arrange.js";
import { printJson } from "./json.js";

/** Files with more than this are written by machines. */
const largest = 64 << 20;

/** Formats a text; what cannot be parsed is a usage failure that says where. */
export function format(text: string, file: string): string {
  if (text.length > largest) throw usageFailure(`${file}: it is too large to be formatted`);
  return /^\s*[{[]/.test(text) ? formatJson(text, file) : formatYaml(text, file);
}

function formatJson(text: string, file: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw usageFailure(`${file}: it is no JSON: ${String(error)}`, { cause: error });
  }
  const document = parseDocument(text, {
    schema: "json",
    uniqueKeys: false,
    keepSourceTokens: false,
  });
  arrange(document.contents, "");
  return printJson(document.contents, text);
}

function formatYaml(text: string, file: string): string {
  const parsed = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: false,
    prettyErrors: true,
    logLevel: "silent",
  });
  const documents: Document[] = [...parsed];
  for (const document of documents) {
    const [problem] = document.errors;
    if (problem !== undefined) throw usageFailure(`${file}: ${problem.message}`);
    arrange(document.contents, "");
  }
  return documents
    .map((document, index) => {
      const written = document.toString({ lineWidth: 0, indentSeq: true, directives: false });
      return index === 0 ? written : `---\n${written}`;
    })
    .join("");
}
