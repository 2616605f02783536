/** A curl command as people copy it from a browser or a terminal, taken apart into the request it would send. Pure. */

import { Buffer } from "node:buffer";
import { usageFailure } from "./exit.js";

export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  /** `name: value` lines. */
  readonly headers: readonly string[];
}

/** Options that make the request; the value says what for. */
const meanings: Readonly<Record<string, string>> = {
  "-X": "method",
  "--request": "method",
  "-H": "header",
  "--header": "header",
  "-A": "user-agent",
  "--user-agent": "user-agent",
  "-e": "referer",
  "--referer": "referer",
  "-b": "cookie",
  "--cookie": "cookie",
  "-u": "user",
  "--user": "user",
  "-d": "data",
  "--data": "data",
  "--data-raw": "data",
  "--data-binary": "data",
  "--data-ascii": "data",
  "--data-urlencode": "data",
  "--json": "json",
  "-F": "form",
  "--form": "form",
  "-T": "upload",
  "--upload-file": "upload",
  "--url": "url",
};

/** Options with a value that have nothing to do with routing. */
const valued = new Set(
  `-o --output -w --write-out -m --max-time --connect-timeout --resolve --connect-to -x --proxy --cacert -E --cert --key
  -c --cookie-jar --retry --retry-delay -r --range -K --config --interface --limit-rate --ciphers --tls-max -D --dump-header
  --unix-socket --max-redirs --stderr --trace --trace-ascii -Y -y --proto --noproxy --dns-servers`.split(
    /\s+/,
  ),
);

interface Parts {
  method?: string;
  url?: string;
  readonly headers: string[];
  /** `data`, `form` or `upload`, where there is a body. */
  body?: string;
  readonly query: string[];
  isHead: boolean;
  isGet: boolean;
}

/** Reads the command; what curl would not understand either is a usage failure. */
export function parseCurl(command: string): CurlRequest {
  const [program, ...words] = splitWords(command);
  if (program === undefined || !/(?:^|[\\/])curl(?:\.exe)?$/.test(program))
    throw usageFailure("--curl: write a whole curl command in quotes, 'curl https://...'");
  const parts: Parts = { headers: [], query: [], isHead: false, isGet: false };
  for (let at = 0; at < words.length;) at += take(words, at, parts);
  if (parts.url === undefined) throw usageFailure("--curl: the command has no URL");
  return { method: methodOf(parts), url: urlOf(parts.url, parts), headers: parts.headers };
}

/** Takes the option or URL at a place; how many words it was. */
function take(words: readonly string[], at: number, parts: Parts): number {
  const word = words[at] ?? "";
  if (!word.startsWith("-") || word === "-") {
    parts.url ??= word;
    return 1;
  }
  const [name, glued] = splitOption(word);
  if (name === "-I" || name === "--head") parts.isHead = true;
  else if (name === "-G" || name === "--get") parts.isGet = true;
  else if (name === "--compressed") parts.headers.push("accept-encoding: gzip, deflate, br, zstd");
  const meaning = meanings[name];
  if (meaning === undefined && !valued.has(name)) {
    // Short options without values may be written together: -sSL.
    if (glued !== undefined && !word.startsWith("--"))
      return take(words.with(at, `-${glued}`), at, parts);
    return 1;
  }
  const value = glued ?? words[at + 1];
  if (value === undefined) throw usageFailure(`--curl: ${name} has no value`);
  if (meaning !== undefined) set(meaning, value, parts);
  return glued === undefined ? 2 : 1;
}

/** `-XPOST` and `--request=POST`. */
function splitOption(word: string): [string, string | undefined] {
  if (!word.startsWith("--"))
    return [word.slice(0, 2), word.length > 2 ? word.slice(2) : undefined];
  const equals = word.indexOf("=");
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function set(meaning: string, value: string, parts: Parts): void {
  switch (meaning) {
    case "method":
      parts.method = value;
      break;
    case "url":
      parts.url = value;
      break;
    case "header":
      // `name;` is an empty header, `name:` takes one away.
      if (/^[^:;]+;$/.test(value)) parts.headers.push(`${value.slice(0, -1)}:`);
      else if (!/^[^:]+:\s*$/.test(value)) parts.headers.push(value);
      break;
    case "user":
      parts.headers.push(`authorization: Basic ${Buffer.from(value).toString("base64")}`);
      break;
    case "json":
      parts.body = "data";
      parts.query.push(value);
      parts.headers.push("content-type: application/json", "accept: application/json");
      break;
    case "data":
      parts.body = "data";
      parts.query.push(value);
      break;
    case "form":
    case "upload":
      parts.body = meaning;
      break;
    default:
      parts.headers.push(`${meaning}: ${value}`);
  }
}

function methodOf({ method, body, isHead, isGet }: Parts): string {
  if (method !== undefined) return method;
  if (isHead) return "HEAD";
  if (isGet || body === undefined) return "GET";
  return body === "upload" ? "PUT" : "POST";
}

/** With -G the data are the query. */
function urlOf(url: string, { isGet, query }: Parts): string {
  if (!isGet || query.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${query.join("&")}`;
}

/** Words as a POSIX shell splits them (quotes, `$'...'`, backslashes, continued lines), without expanding anything. */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  const pattern =
    /\s*(?:((?:\\(?:\r?\n|[^])|'[^']*'|\$'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|[^\s'"\\])+)|(['"\\]))/y;
  const text = command.trim();
  let end = 0;
  while (end < text.length) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (match === null) break;
    if (match[1] === undefined) throw usageFailure("--curl: a quote is not closed");
    end = pattern.lastIndex;
    const word = unquote(match[1]);
    // A continued line alone is no word.
    if (word !== "" || /['"]/.test(match[1])) words.push(word);
  }
  return words;
}

const pieces = /\\(\r?\n)|\\([^])|\$'((?:\\[^]|[^'\\])*)'|'([^']*)'|"((?:\\[^]|[^"\\])*)"/g;

function unquote(word: string): string {
  return word.replaceAll(
    pieces,
    (_, line?: string, one?: string, ansi?: string, single?: string, double?: string) => {
      if (line !== undefined) return "";
      if (one !== undefined) return one;
      if (ansi !== undefined) return unescapeAnsi(ansi);
      return (
        single ?? (double ?? "").replaceAll(/\\(?:\r?\n)/g, "").replaceAll(/\\([$`"\\])/g, "$1")
      );
    },
  );
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "'": "'",
  '"': '"',
  "\\": "\\",
};

/** Bash's `$'...'`, which browsers write for text that is not plain. */
function unescapeAnsi(text: string): string {
  return text.replaceAll(
    /\\(?:u([\da-fA-F]{1,4})|x([\da-fA-F]{1,2})|([^]))/g,
    (_, unicode?: string, byte?: string, one?: string) =>
      unicode !== undefined || byte !== undefined
        ? String.fromCodePoint(Number.parseInt(unicode ?? byte ?? "", 16))
        : (escapes[one ?? ""] ?? `\\${one}`),
  );
}
