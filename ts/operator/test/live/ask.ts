/** Requests to a Gateway's address, as its clients send them. */

import http from "node:http";
import https from "node:https";
import type { TLSSocket } from "node:tls";

export interface Answered {
  readonly status: number;
  /** Name of the Pod that answered, by what echo-basic says of itself. */
  readonly pod: string;
  /** SHA-256 of the certificate that was shown; empty without TLS. */
  readonly fingerprint: string;
}

const patienceMs = 5000;

/** `url` names host and path; the connection goes to `address`. Rejects where none is made. */
export async function ask(address: string, url: string): Promise<Answered> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const isTls = protocol === "https:";
  const options = {
    host: address,
    port: port === "" ? (isTls ? 443 : 80) : Number(port),
    path: pathname,
    headers: { host: hostname },
    agent: false as const,
    timeout: patienceMs,
  };
  const take = (response: http.IncomingMessage): void => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => (body += text));
    response.on("error", reject);
    const fingerprint = isTls
      ? (response.socket as TLSSocket).getPeerCertificate().fingerprint256
      : "";
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, pod: podOf(body), fingerprint }),
    );
  };
  const request = isTls
    ? https.get({ ...options, servername: hostname, rejectUnauthorized: false }, take)
    : http.get(options, take);
  request.on("timeout", () => request.destroy(new Error(`${url} was not answered`)));
  request.on("error", reject);
  return promise;
}

function podOf(body: string): string {
  try {
    return (JSON.parse(body) as { pod?: string }).pod ?? "";
  } catch {
    return "";
  }
}
