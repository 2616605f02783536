// A container as the runtime takes it: the configuration of the OCI runtime specification. Pure.

import { statSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContainerSpec, Pod } from "../api/objects.ts";
import { expand } from "./environment.ts";
import type { Image } from "./image.ts";
import type { User } from "./user.ts";

/** The capabilities that container runtimes give by default. */
const defaultCapabilities = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "MKNOD",
  "AUDIT_WRITE",
  "SETFCAP",
  "NET_RAW",
];
const allCapabilities = [
  ...defaultCapabilities,
  "SYS_ADMIN",
  "NET_ADMIN",
  "SYS_PTRACE",
  "SYS_RESOURCE",
  "SYS_NICE",
  "SYS_TIME",
  "SYSLOG",
  "DAC_READ_SEARCH",
  "IPC_LOCK",
  "IPC_OWNER",
  "LINUX_IMMUTABLE",
  "NET_BROADCAST",
  "BPF",
  "PERFMON",
];

export interface Mount {
  readonly destination: string;
  readonly type?: string;
  readonly source: string;
  readonly options?: readonly string[];
}

export interface BundleParts {
  readonly pod: Pod;
  readonly container: ContainerSpec;
  readonly image: Image;
  readonly root: string;
  readonly user: User;
  readonly environment: ReadonlyMap<string, string>;
  readonly hostname: string;
  /** Files the node makes for the container: hosts, resolv.conf, the termination message. */
  readonly files: readonly Mount[];
  readonly volumePath: (name: string) => string;
  /** Absent for a pod that shares the node's network. */
  readonly networkNamespace?: string;
}

function capabilitiesOf({ securityContext = {} }: ContainerSpec): string[] {
  if (securityContext.privileged === true) return allCapabilities.map((name) => `CAP_${name}`);
  const { add = [], drop = [] } = securityContext.capabilities ?? {};
  const plain = (name: string) => name.toUpperCase().replace(/^CAP_/, "");
  const dropped = new Set(drop.map(plain));
  const added = add.map(plain);
  const kept = dropped.has("ALL") ? [] : defaultCapabilities.filter((name) => !dropped.has(name));
  const wanted = added.includes("ALL") ? allCapabilities : [...kept, ...added];
  return [...new Set(wanted)].map((name) => `CAP_${name}`);
}

function volumeMounts({ container, environment, volumePath }: BundleParts): Mount[] {
  return (container.volumeMounts ?? []).map((mount) => {
    const part =
      mount.subPathExpr === undefined
        ? (mount.subPath ?? "")
        : expand(mount.subPathExpr, environment);
    return {
      destination: mount.mountPath,
      type: "bind",
      source: posix.join(volumePath(mount.name), part),
      options: ["rbind", mount.readOnly === true ? "ro" : "rw"],
    };
  });
}

const repository = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/\/$/, "");

/** The outermost folder on the way to `folder` that only its owner may pass, such as /root. */
function closedFolder(folder: string): string | null {
  const parts = folder.split("/").slice(1, -1);
  const ways = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  return ways.find((way) => (statSync(way).mode & 0o001) === 0) ?? null;
}

/**
 * An image that is a command of this machine runs programs of this repository, as whatever user the pod says. Where a volume
 * lies over the folder that the repository is in, such as /tmp, or where only root may pass, the repository is shown again
 * above it, to be read only.
 */
export function repositoryMounts(
  { root }: Pick<Image, "root">,
  volumes: readonly Mount[],
  folder: string = repository,
  closed: string | null = closedFolder(folder),
): Mount[] {
  const isHidden = volumes.some(({ destination }) =>
    folder.startsWith(`${destination.replace(/\/$/, "")}/`),
  );
  if (root !== "/" || (!isHidden && closed === null)) return [];
  const open: Mount[] =
    isHidden || closed === null
      ? []
      : [{ destination: closed, type: "tmpfs", source: "tmpfs", options: ["mode=755"] }];
  return [...open, { destination: folder, type: "bind", source: folder, options: ["rbind", "ro"] }];
}

const kernelMounts: readonly Mount[] = [
  { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
  {
    destination: "/dev",
    type: "tmpfs",
    source: "tmpfs",
    options: ["nosuid", "mode=755", "size=65536k"],
  },
  {
    destination: "/dev/pts",
    type: "devpts",
    source: "devpts",
    options: ["nosuid", "noexec", "newinstance"],
  },
  {
    destination: "/dev/shm",
    type: "tmpfs",
    source: "shm",
    options: ["nosuid", "nodev", "noexec", "mode=1777"],
  },
  {
    destination: "/sys",
    type: "sysfs",
    source: "sysfs",
    options: ["nosuid", "noexec", "nodev", "ro"],
  },
];

/** A process of the container: its own, or a further one with `words`. */
export function processOf(parts: BundleParts, words: readonly string[]): unknown {
  const { container, user, environment, image } = parts;
  const capabilities = capabilitiesOf(container);
  const effective = user.uid === 0 ? capabilities : [];
  return {
    terminal: false,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.groups },
    args: words,
    env: [...environment].map(([name, value]) => `${name}=${value}`),
    cwd: container.workingDir ?? image.workingDirectory,
    noNewPrivileges: container.securityContext?.allowPrivilegeEscalation === false,
    capabilities: {
      bounding: capabilities,
      permitted: effective,
      effective,
      inheritable: [],
      ambient: [],
    },
  };
}

export function bundleOf(parts: BundleParts): unknown {
  const { container, image, environment } = parts;
  const command = (container.command ?? []).map((word) => expand(word, environment));
  const args = (container.args ?? []).map((word) => expand(word, environment));
  // A command of the pod's replaces both of the image's words, arguments only the second.
  const entrypoint = command.length > 0 ? command : image.entrypoint;
  const rest = args.length > 0 ? args : command.length > 0 ? [] : image.command;
  const context = container.securityContext ?? {};
  const volumes = volumeMounts(parts);
  const mounts = [
    ...kernelMounts,
    ...parts.files,
    ...volumes,
    ...repositoryMounts(parts.image, volumes),
  ];
  return {
    ociVersion: "1.0.2",
    hostname: parts.hostname,
    process: processOf(parts, [...entrypoint, ...rest]),
    root: { path: parts.root, readonly: context.readOnlyRootFilesystem === true },
    // What is mounted deeper comes later, whatever the order in the pod.
    mounts: mounts.toSorted((a, b) => depth(a) - depth(b)),
    linux: {
      namespaces: [
        ...["pid", "mount", "ipc", "uts"].map((type) => ({ type })),
        ...(parts.networkNamespace === undefined
          ? []
          : [{ type: "network", path: parts.networkNamespace }]),
      ],
    },
  };
}

function depth({ destination }: Mount): number {
  return posix.normalize(destination).split("/").filter(Boolean).length;
}
