// Files that the node gives to every container of a pod: who it is called and whom it asks for names.

import { mkdir, writeFile } from "node:fs/promises";
import type { Pod } from "../api/objects.ts";
import { clusterDomain } from "../network/names.ts";
import type { Mount } from "./bundle.ts";

export function hostnameOf({ metadata, spec }: Pod): string {
  return (spec.hostname ?? metadata.name).slice(0, 63);
}

export function hostsFile(pod: Pod, address: string): string {
  const { hostAliases = [], subdomain } = pod.spec;
  const name = hostnameOf(pod);
  const full =
    subdomain === undefined
      ? ""
      : `${name}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}\t`;
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join("\t"));
  return [
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost",
    `${address}\t${full}${name}`,
    ...aliases,
    "",
  ].join("\n");
}

export function resolverFile(namespace: string, nameServer: string): string {
  const domains = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  return `search ${domains.join(" ")}\nnameserver ${nameServer}\noptions ndots:5\n`;
}

/** Writes them for a pod and tells where a container sees them. */
export async function writePodFiles(
  folder: string,
  pod: Pod,
  address: string,
  nameServer: string,
): Promise<Mount[]> {
  await mkdir(folder, { recursive: true });
  const files = {
    hosts: hostsFile(pod, address),
    "resolv.conf": resolverFile(pod.metadata.namespace ?? "default", nameServer),
    hostname: `${hostnameOf(pod)}\n`,
  };
  const mounts: Mount[] = [];
  for (const [name, text] of Object.entries(files)) {
    await writeFile(`${folder}/${name}`, text);
    const source = `${folder}/${name}`;
    mounts.push({ destination: `/etc/${name}`, type: "bind", source, options: ["bind", "rw"] });
  }
  return mounts;
}
