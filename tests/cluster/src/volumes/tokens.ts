// Tokens of a pod's service account, bound to the pod and renewed when four fifths of their life are over.

import type { ApiClient } from "../api/client.ts";
import type { Pod } from "../api/objects.ts";

interface Kept {
  readonly token: string;
  readonly renewAt: number;
}

interface TokenRequest {
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

export class PodTokens {
  readonly #client: ApiClient;
  readonly #pod: Pod;
  readonly #kept = new Map<string, Kept>();

  constructor(client: ApiClient, pod: Pod) {
    this.#client = client;
    this.#pod = pod;
  }

  async get(audience: string | undefined, seconds: number): Promise<string> {
    const key = `${audience ?? ""} ${seconds}`;
    const kept = this.#kept.get(key);
    if (kept && Date.now() < kept.renewAt) return kept.token;
    const { metadata, spec } = this.#pod;
    const account = spec.serviceAccountName ?? "default";
    const path = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${account}/token`;
    const asked = Date.now();
    const { status } = await this.#client.post<TokenRequest>(path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        ...(audience === undefined ? {} : { audiences: [audience] }),
        expirationSeconds: seconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name: metadata.name, uid: metadata.uid },
      },
    });
    const life = Date.parse(status.expirationTimestamp) - asked;
    this.#kept.set(key, { token: status.token, renewAt: asked + life * 0.8 });
    return status.token;
  }

  /** When the first of the tokens given out is to be renewed. */
  get renewAt(): number | undefined {
    const times = [...this.#kept.values()].map(({ renewAt }) => renewAt);
    return times.length > 0 ? Math.min(...times) : undefined;
  }
}
