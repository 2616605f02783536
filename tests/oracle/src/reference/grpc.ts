/** GRPCMethodMatch: the service and the method of a gRPC request are the two elements of its path. */

import type { GrpcMethodMatch } from "../document.ts";
import { patternTakes } from "./pattern.ts";

/**
 * Whether a path is `/service/method` with that service and method; what is left out or empty matches any. Without a
 * condition every path matches: the specification speaks of gRPC requests alone and says nothing of others.
 */
export function grpcMethodTakes(match: GrpcMethodMatch | undefined, path: string): boolean {
  if (match === undefined) return path.startsWith("/");
  const call = /^\/([^/]+)\/([^/]+)$/.exec(path);
  const [service, method] = [call?.[1], call?.[2]];
  if (service === undefined || method === undefined) return false;
  return wordTakes(match, match?.service, service) && wordTakes(match, match?.method, method);
}

function wordTakes(
  match: GrpcMethodMatch | undefined,
  wanted: string | undefined,
  word: string,
): boolean {
  if (wanted === undefined || wanted === "") return true;
  return match?.type === "RegularExpression" ? patternTakes(wanted, word) : wanted === word;
}
