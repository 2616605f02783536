// A network namespace of one's own, so that suites run side by side and every port and address is free.

import { spawnSync } from "node:child_process";

const inside = "GHOST_RUNNER_INSIDE";

export function isInside(): boolean {
  return process.env[inside] !== undefined;
}

/** Runs this script again in a network namespace where every address is local; its exit code. */
export function enterNamespace(): number {
  const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const root = process.env["GHOST_ENGINE_ROOT"];
  // Mounts live in a namespace of their own and end with it.
  const mounts =
    root === undefined
      ? []
      : [`mount -t proc proc '${root}/proc'`, `mount --rbind /dev '${root}/dev'`];
  const script = [
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
    ...mounts,
    'exec "$0" "$@"',
  ];
  const spaces = ["--net", "--mount", "--propagation", "private", ...asUser];
  const command = ["sh", "-ec", script.join("\n"), process.execPath, ...process.argv.slice(1)];
  const result = spawnSync("unshare", [...spaces, "--", ...command], {
    env: { ...process.env, [inside]: "1" },
    stdio: "inherit",
  });
  if (result.error !== undefined) {
    console.error(`Cannot run unshare (util-linux) and ip (iproute2): ${result.error.message}`);
  }
  return result.status ?? 2;
}
