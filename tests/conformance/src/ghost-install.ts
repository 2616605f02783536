// Ghost in a cluster for tests: the manifests of deploy/ as they are, and images that are programs of this machine.

import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Cluster, ImageTable } from "@ghost-gateway/cluster";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const systemFolders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The names in deploy/ and, for the data plane, those the operator is given there. */
export const ghostImages: ImageTable = {
  "ghost/operator": {
    command: [process.execPath, `${root}ts/operator/dist/bin/ghost-operator.js`],
  },
  "ghost/varnish": {
    command: [process.execPath, `${root}ts/pod/dist/bin/ghost-pod.js`],
    environment: {
      GHOST_VMOD: `${root}target/vmod/libvmod_ghost.so`,
      GHOST_VCL: `${root}crates/ghost-vmod/vcl/ghost.vcl`,
      PATH: systemFolders,
    },
  },
  "ghost/edge": { command: [process.env["GHOST_EDGE"] ?? `${root}target/debug/ghost-edge`] },
};

/** In the order in which they are applied: kinds before their objects. */
export async function ghostManifests(): Promise<readonly string[]> {
  const definitions = (await readdir(`${root}deploy/crds`)).map((name) => `crds/${name}`);
  const files = [
    ...definitions,
    "namespace.yaml",
    "rbac.yaml",
    "operator.yaml",
    "gatewayclass.yaml",
  ];
  return Promise.all(files.map((name) => readFile(`${root}deploy/${name}`, "utf8")));
}

/** Resolves when the operator has accepted the class `ghost`. */
export async function installGhost(cluster: Cluster): Promise<void> {
  for (const manifest of await ghostManifests()) await cluster.apply(manifest);
  await cluster.kubectl([
    "wait",
    "--for=condition=Accepted",
    "gatewayclass/ghost",
    "--timeout=120s",
  ]);
}
