/**
 * The VCL the engine runs: a constant frame around ghost.vcl and, if there is one, the user's VCL.
 *
 * Only paths of our own making go into it. What tenants write travels in the documents and never becomes VCL. Pure.
 */

import { quoteVcl } from "./tokens.js";

/** Absolute paths. */
export interface VclFiles {
  readonly routes: string;
  readonly ghost: string;
  /** The user's VCL; its subroutines run after Ghost's. */
  readonly user?: string;
}

export interface VclOptions {
  /** Asks every client to close its connection: for draining. */
  readonly closing: boolean;
}

/** The main VCL. The engine concatenates subroutines of the same name in the order they stand here. */
export function mainVcl(files: VclFiles, options: VclOptions = { closing: false }): string {
  const parts = [
    "vcl 4.1;\nimport ghost;",
    `sub vcl_init {\n\tnew router = ghost.router(${vclString(files.routes)});\n}`,
    ...(options.closing ? closing : []),
    `include ${vclString(files.ghost)};`,
    noBackend,
    ...(files.user === undefined ? [] : [`include ${vclString(files.user)};`]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Names the backend of ghost.vcl: an unused one is an error, which it would be beside a default backend of the user's. */
const noBackend =
  "sub vcl_recv {\n\tif (!req.backend_hint) {\n\t\tset req.backend_hint = ghost_none;\n\t}\n}";

/** Stands before ghost.vcl, whose subroutines return. RFC 9112 section 9.6: the client takes its next request elsewhere. */
const closing: readonly string[] = ["vcl_deliver", "vcl_synth"].map(
  (name) => `sub ${name} {\n\tset resp.http.Connection = "close";\n}`,
);

function vclString(path: string): string {
  const quoted = quoteVcl(path);
  if (quoted === undefined)
    throw new Error(`The path ${JSON.stringify(path)} cannot be written in VCL.`);
  return quoted;
}
