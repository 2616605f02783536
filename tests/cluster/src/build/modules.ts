// What is built from Go modules: one folder under modules/ per go.mod, kept apart because their dependencies differ.

import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../modules", import.meta.url));
const cache = fileURLToPath(new URL("../../../../.cache", import.meta.url));

/** One program: the package it is built from, and whether that package holds tests, which make the program. */
export interface Program {
  readonly name: string;
  readonly package: string;
  readonly isTest?: boolean;
}

export interface Module {
  readonly name: string;
  readonly programs: readonly Program[];
  /** Linker flags beside `-s -w`. */
  readonly link?: readonly string[];
}

/** What Kubernetes' own build stamps into its programs; unstamped they call themselves v0.0.0-master. */
function kubernetesVersion(): string[] {
  const lock = readFileSync(`${folder}/kubernetes/go.mod`, "utf8");
  const version = /^\s*(?:require )?k8s\.io\/kubernetes (v1\.(\d+)\.\S+)/m.exec(lock);
  if (!version) throw new Error(`${folder}/kubernetes/go.mod does not require k8s.io/kubernetes`);
  const stamps = {
    gitVersion: version[1],
    gitMajor: "1",
    gitMinor: version[2],
    gitTreeState: "clean",
  };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return packages.flatMap((name) =>
    Object.entries(stamps).flatMap(([variable, value]) => ["-X", `${name}.${variable}=${value}`]),
  );
}

export const modules: readonly Module[] = [
  { name: "etcd", programs: [{ name: "etcd", package: "go.etcd.io/etcd/server/v3" }] },
  {
    name: "kubernetes",
    programs: ["kube-apiserver", "kube-controller-manager", "kubectl"].map((name) => ({
      name,
      package: `k8s.io/kubernetes/cmd/${name}`,
    })),
    link: kubernetesVersion(),
  },
  {
    name: "conformance",
    programs: [
      { name: "conformance", package: "sigs.k8s.io/gateway-api/conformance", isTest: true },
      { name: "echo-basic", package: "sigs.k8s.io/gateway-api/conformance/echo-basic" },
      { name: "dns-responder", package: "./dns-responder" },
      { name: "list-tests", package: "./list-tests" },
    ],
  },
];

export function moduleFolder({ name }: Module): string {
  return `${folder}/${name}`;
}

/** Where a module's programs are kept: the folder's name changes with anything they are built from. */
export function cacheFolder(module: Module): string {
  const source = moduleFolder(module);
  const hash = createHash("sha256");
  for (const file of globSync("{go.mod,go.sum,**/*.go}", { cwd: source }).toSorted()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(`${source}/${file}`))
      .update("\0");
  }
  hash.update(JSON.stringify(module));
  return `${cache}/${module.name}-${hash.digest("hex").slice(0, 16)}`;
}
