/** What a visitor typed about a request, and what the core takes. */

import type { DecideOptions, RequestInput } from "@ghost-gateway/core/browser";

/** As it stands in the form. */
export interface Question {
  readonly method: string;
  readonly url: string;
  /** A header line a line. */
  readonly headers: string;
  /** In [0, 1): chooses among weighted services. */
  readonly draw: number;
}

export type Asked =
  | {
      readonly request: RequestInput;
      readonly options: DecideOptions;
      readonly mistake?: undefined;
    }
  | { readonly mistake: string };

/** The request, or what is wrong with the form. The URL goes on as typed: the core reads it as it would be sent. */
export function readQuestion({ method, url, headers, draw }: Question): Asked {
  if (url.trim() === "") return { mistake: "Type a URL." };
  const lines: [string, string][] = [];
  for (const [index, line] of headers.split("\n").entries()) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) return { mistake: `Header line ${index + 1} has no "name: value".` };
    lines.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  const absolute = /^https?:\/\//i.test(url) ? url : `http://${url}`;
  return { request: { method, url: absolute.trim(), headers: lines }, options: { draw } };
}
