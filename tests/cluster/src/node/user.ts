// Who a container runs as: the pod's security context before the image's user.

import { readFile } from "node:fs/promises";
import type { ContainerSpec, Pod } from "../api/objects.ts";
import type { Image } from "./image.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What kubelet calls CreateContainerConfigError: the pod asks for something its image cannot give. */
export class UnusableConfiguration extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnusableConfiguration";
  }
}

async function rows(file: string): Promise<string[][]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").map((line) => line.split(":"));
}

/** `user`, `user:group`, by number or by the names of the image's own /etc/passwd and /etc/group. */
async function ofImage({ root, user }: Image): Promise<{ uid: number; gid: number }> {
  const [userName = "", groupName] = user.split(":");
  if (userName === "") return { uid: 0, gid: 0 };
  const accounts = await rows(`${root}/etc/passwd`);
  const account = accounts.find(([name, , uid]) => name === userName || uid === userName);
  const uid = /^\d+$/.test(userName) ? Number(userName) : Number(account?.[2] ?? Number.NaN);
  let gid = Number(account?.[3] ?? 0);
  if (groupName !== undefined) {
    const group = (await rows(`${root}/etc/group`)).find(([name]) => name === groupName);
    gid = /^\d+$/.test(groupName) ? Number(groupName) : Number(group?.[2] ?? Number.NaN);
  }
  if (Number.isNaN(uid) || Number.isNaN(gid)) {
    throw new UnusableConfiguration(`the image has no user or group "${user}"`);
  }
  return { uid, gid };
}

export async function userOf(pod: Pod, container: ContainerSpec, image: Image): Promise<User> {
  const ofPod = pod.spec.securityContext ?? {};
  const own = container.securityContext ?? {};
  const chosen = own.runAsUser ?? ofPod.runAsUser;
  const group = own.runAsGroup ?? ofPod.runAsGroup;
  const fallback = chosen === undefined ? await ofImage(image) : { uid: chosen, gid: 0 };
  if ((own.runAsNonRoot ?? ofPod.runAsNonRoot) === true && fallback.uid === 0) {
    throw new UnusableConfiguration("container has runAsNonRoot and image will run as root");
  }
  const groups = [...(ofPod.supplementalGroups ?? [])];
  if (ofPod.fsGroup !== undefined) groups.push(ofPod.fsGroup);
  return { uid: fallback.uid, gid: group ?? fallback.gid, groups };
}
