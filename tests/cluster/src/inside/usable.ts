// When a cluster can be used: the Gateway API's kinds are served, and pods of the default namespace are admitted.

import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isApiError, type ApiClient } from "../api/client.ts";
import { run } from "../network/commands.ts";
import type { StartOrder } from "./protocol.ts";

const pollMs = 50;
const patienceMs = 60_000;

async function untilThere(client: ApiClient, path: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await client.get(path);
      return;
    } catch (error) {
      if (!isApiError(error, 404) || Date.now() > deadline) throw error;
      await sleep(pollMs);
    }
  }
}

/** Server-side: the largest definitions do not fit into the annotation that the other way of applying keeps. */
async function applyCustomResources({
  programs,
  kubeconfig,
  customResources,
}: StartOrder): Promise<void> {
  if (!existsSync(customResources)) throw new Error(`there is no folder ${customResources}`);
  const kubectl = async (...args: string[]) =>
    await run(programs.kubectl, ["--kubeconfig", kubeconfig, ...args]);
  await kubectl("apply", "--server-side", "--validate=false", "-k", customResources);
  await kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
}

export async function untilUsable(client: ApiClient, order: StartOrder): Promise<void> {
  await Promise.all([
    applyCustomResources(order),
    untilThere(client, "/api/v1/namespaces/default/services/kubernetes"),
    untilThere(client, "/api/v1/namespaces/default/serviceaccounts/default"),
    untilThere(client, "/api/v1/namespaces/default/configmaps/kube-root-ca.crt"),
  ]);
}
