// What is served: documents of Ghost, and VCL that does the same by hand.

import { ports } from "./stage.ts";

type Document = Record<string, unknown>;

const origin = { address: "127.0.0.1", port: ports.origin };

/** A route for each host. */
export function routesOf(hosts: string[]): Document {
  const routes = hosts.map((host) => ({
    name: host,
    hostnames: [host],
    rules: [{ matches: [{ path: { value: "/" } }], backends: [{ service: "s" }] }],
  }));
  return { version: 1, generation: 1, routes, services: { s: { endpoints: [origin] } } };
}

/** One route to many endpoints, which are others for another network. */
export function endpointsOf(count: number, network: number, generation: number): Document {
  const endpoints = addresses(count, network).map((address) => ({ address, port: 9 }));
  return { version: 1, generation, services: { s: { endpoints } } };
}

export const routesToEndpoints: Document = {
  version: 1,
  generation: 1,
  endpointsFile: "endpoints.json",
  routes: [{ name: "r", rules: [{ backends: [{ service: "s" }] }] }],
  services: { s: {} },
};

function addresses(count: number, network: number): string[] {
  return Array.from({ length: count }, (_, n) => `127.${network}.${n >> 8}.${n & 255}`);
}

export function ghostVcl(folder: string, document: string, isPass: boolean): string {
  return `vcl 4.1;
import ghost from "${folder}/libvmod_ghost.so";
sub vcl_init { new router = ghost.router("${folder}/${document}"); }
include "ghost.vcl";
${isPass ? "sub vcl_recv { return (pass); }" : ""}
`;
}

/** One backend. Like Ghost's VCL it asks nothing of the builtin vcl_req_host. */
export function staticVcl(isPass: boolean): string {
  return `vcl 4.1;
backend s { .host = "127.0.0.1"; .port = "${ports.origin}"; }
${isPass ? "sub vcl_recv { return (pass); }" : ""}
`;
}

/** A backend for each host, chosen as people write it. */
export function ifChainVcl(hosts: string[]): string {
  const backends = hosts.map(
    (_, n) => `backend b${n} { .host = "127.0.0.1"; .port = "${ports.origin}"; }`,
  );
  const tests = hosts.map(
    (host, n) =>
      `${n === 0 ? "" : "else "}if (req.http.host == "${host}") { set req.backend_hint = b${n}; }`,
  );
  return `vcl 4.1;
${backends.join("\n")}
sub vcl_recv {
${tests.join("\n")}
else { return (synth(404)); }
}
`;
}

/** The same choice among endpoints, in VCL. */
export function backendsVcl(count: number, network: number): string {
  const list = addresses(count, network);
  const backends = list.map((address, n) => `backend b${n} { .host = "${address}"; .port = "9"; }`);
  const added = list.map((_, n) => `s.add_backend(b${n}, 1);`);
  return `vcl 4.1;
import directors;
${backends.join("\n")}
sub vcl_init { new s = directors.random();
${added.join("\n")}
}
sub vcl_recv { set req.backend_hint = s.backend(); }
`;
}
