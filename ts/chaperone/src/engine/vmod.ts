/** Where libvmod_ghost.so and ghost.vcl are: named by the caller, in the environment, in the repository, or installed. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface VmodFiles {
  /** libvmod_ghost.so */
  readonly library: string;
  /** ghost.vcl */
  readonly vcl: string;
}

const libraryName = "libvmod_ghost.so";
const installedLibraries = [
  "/usr/lib/x86_64-linux-gnu/varnish/vmods",
  "/usr/lib/aarch64-linux-gnu/varnish/vmods",
  "/usr/lib64/varnish/vmods",
  "/usr/lib/varnish/vmods",
  "/usr/local/lib/varnish/vmods",
];
const installedVcl = ["/usr/share/varnish/vcl", "/usr/local/share/varnish/vcl"];

/** Finds both; undefined where one is missing. `GHOST_VMOD` names the library, `GHOST_VCL` the VCL. */
export function findVmod(environment: NodeJS.ProcessEnv): VmodFiles | undefined {
  const root = repository();
  const library = firstThere([
    environment["GHOST_VMOD"],
    root && join(root, "target/vmod", libraryName),
    ...installedLibraries.map((folder) => join(folder, libraryName)),
  ]);
  const vcl = firstThere([
    environment["GHOST_VCL"],
    library && join(dirname(library), "ghost.vcl"),
    root && join(root, "crates/ghost-vmod/vcl/ghost.vcl"),
    ...installedVcl.map((folder) => join(folder, "ghost.vcl")),
  ]);
  return library === undefined || vcl === undefined ? undefined : { library, vcl };
}

/** What was asked for in the environment counts, there or not: falling back in silence would hide a typing error. */
function firstThere(candidates: readonly (string | undefined)[]): string | undefined {
  const [asked, ...others] = candidates;
  if (asked !== undefined && asked !== "") return existsSync(asked) ? asked : undefined;
  return others.find((path) => path !== undefined && existsSync(path));
}

/** The folder this package is built in, when it runs from the repository. */
function repository(): string | undefined {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  return existsSync(join(root, "crates/ghost-vmod")) ? root : undefined;
}
