/** HTTPQueryParamMatch: all conditions hold; names exactly, the first value counts. */

import type { Match, NamedMatch } from "../document.ts";
import { firstOfEachName, valueTakes } from "./named.ts";

export function queryTakes(match: Match, query: string): boolean {
  return consideredParameters(match).every((one) => valueTakes(one, firstValue(query, one.name)));
}

export function consideredParameters(match: Match): readonly NamedMatch[] {
  return firstOfEachName(match.queryParams, (name) => name);
}

/** Of a repeated parameter the first value counts, as the specification recommends; a bare key has the empty value. */
function firstValue(query: string, name: string): string | null {
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [key = "", ...rest] = pair.split("=");
    if (decodeForm(key) === name) return decodeForm(rest.join("="));
  }
  return null;
}

/**
 * Form encoding: `+` is a space, escapes are bytes, what is no escape stays. Bytes that are no UTF-8 are a value
 * too (ADR 5): a pattern may take them. */
function decodeForm(text: string): string {
  const bytes: number[] = [];
  const encoded = new TextEncoder().encode(text.replaceAll("+", " "));
  for (let at = 0; at < encoded.length; at++) {
    const escape = /^%([0-9A-Fa-f]{2})/.exec(String.fromCharCode(...encoded.slice(at, at + 3)));
    bytes.push(escape === null ? (encoded[at] ?? 0) : Number.parseInt(escape[1] ?? "", 16));
    if (escape !== null) at += 2;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
