/** Which request is asked about, and under which circumstances: shared by `simulate` and `explain`. */

import { Buffer } from "node:buffer";
import type { Core, DecideOptions, RequestInput } from "@ghost-gateway/core";
import { parseCurl } from "./curl.js";
import { usageFailure } from "./exit.js";
import { ask } from "./loaded.js";
import { parseHeader, parseUrl } from "./request.js";
import type { AskedOptions } from "./loaded.js";

export interface QuestionOptions extends AskedOptions {
  readonly request?: string;
  readonly header?: readonly string[];
  readonly curl?: string;
  readonly fromLog?: string;
  readonly logFormat?: string;
  readonly listener?: string;
  readonly draw: string;
  readonly client?: string;
}

/** The request that a URL, a curl command or a log line names; `-X` and `-H` come on top. */
export function requestFrom(
  url: string | undefined,
  options: QuestionOptions,
  core: Core,
): RequestInput {
  const { curl, fromLog } = options;
  const given = [url, curl, fromLog].filter((one) => one !== undefined).length;
  if (given === 0)
    throw usageFailure("no request: write a URL, or --curl 'curl ...', or --from-log LINE");
  if (given > 1) throw usageFailure("give one of a URL, --curl and --from-log");
  const header = options.header ?? [];
  if (fromLog !== undefined) return fromLine(fromLog, options, core);
  const pasted =
    curl === undefined ? { method: "GET", url: url ?? "", headers: [] } : parseCurl(curl);
  const headers = [...pasted.headers, ...header].map(parseHeader);
  return {
    method: options.request ?? pasted.method,
    url: parseUrl(pasted.url, headers),
    headers,
  };
}

function fromLine(line: string, options: QuestionOptions, core: Core): RequestInput {
  const format = options.logFormat === undefined ? {} : { format: options.logFormat };
  const [logged] = ask(() => core.loggedRequests(Buffer.from(line), format));
  if (logged === undefined)
    throw usageFailure("--from-log: no request can be read from this line; --log-format says how");
  const headers = [...(logged.headers ?? []), ...(options.header ?? []).map(parseHeader)];
  return {
    method: options.request ?? logged.method,
    url: parseUrl(logged.url, headers),
    headers,
  };
}

export function decideOptions({ draw, listener, client }: QuestionOptions): DecideOptions {
  const number = Number(draw);
  if (draw.trim() === "" || !(number >= 0 && number < 1))
    throw usageFailure(`--draw ${draw}: write a number from 0 up to, but not, 1`);
  return {
    draw: number,
    ...(listener === undefined ? {} : { listener }),
    ...(client === undefined ? {} : { clientAddress: client }),
  };
}
