// What clusters on one machine must not share: the folder of a name, and a range of addresses.

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { overlaps, rangeNumbers, rangesOf } from "./network/ranges.ts";

const run = promisify(execFile);
const ownerFile = "owner.json";

interface Owner {
  readonly pid: number;
  /** With the number it tells a process from a later one of the same number. */
  readonly started: string;
}

/** Field 22 of /proc/PID/stat (proc(5)); the second field may hold spaces. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function isOwned(folder: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(`${folder}/${ownerFile}`, "utf8")) as Owner;
    return startOf(owner.pid) === owner.started;
  } catch {
    return false;
  }
}

/** Makes the folder; one that an earlier cluster of this name left behind is removed. */
export function claimFolder(folder: string): void {
  if (isOwned(folder)) {
    throw new Error(`a cluster of this name is running (see ${folder}); give another name`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/logs`, { recursive: true, mode: 0o700 });
  const owner: Owner = { pid: process.pid, started: startOf(process.pid) ?? "" };
  writeFileSync(`${folder}/${ownerFile}`, JSON.stringify(owner));
}

interface Route {
  readonly dst: string;
}

/**
 * Lays a link into the network namespace of process `pid` and leads the first free range through it. The name of the
 * link carries the range's number, and names are unique: of two clusters that try the same, one goes on to the next.
 */
export async function claimRange(pid: number, uplink: string): Promise<number> {
  const { stdout } = await run("ip", ["-json", "route", "show", "table", "all"]);
  const taken = (JSON.parse(stdout) as Route[])
    .map(({ dst }) => dst)
    .filter((range) => /^\d+\.\d+\.\d+\.\d+/.test(range));
  for (const number of rangeNumbers) {
    const { whole, machineEnd, clusterEnd } = rangesOf(number);
    if (taken.some((range) => overlaps(range, whole))) continue;
    const link = `cluster${number}`;
    try {
      const peer = ["type", "veth", "peer", "name", uplink, "netns", String(pid)];
      await run("ip", ["link", "add", link, ...peer]);
    } catch (error) {
      if (String(error).includes("File exists")) continue;
      throw error;
    }
    await run("ip", ["addr", "add", `${machineEnd}/30`, "dev", link]);
    await run("ip", ["link", "set", link, "up"]);
    await run("ip", ["route", "add", whole, "via", clusterEnd, "dev", link]);
    return number;
  }
  throw new Error("every range of addresses for clusters is in use on this machine");
}
