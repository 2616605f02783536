// What every pod of the node shares.

import type { ApiClient } from "../api/client.ts";
import type { PodNetworks } from "../network/node-network.ts";
import type { EventRecorder } from "./events.ts";
import type { Images } from "./image.ts";
import type { Stores } from "./stores.ts";

export interface NodeContext {
  readonly client: ApiClient;
  readonly node: { readonly name: string; readonly address: string };
  /** The Service `kubernetes`, as pods find it in their environment. */
  readonly apiServer: { readonly address: string; readonly port: number };
  readonly stores: Stores;
  readonly images: Images;
  readonly networks: PodNetworks;
  readonly events: EventRecorder;
  /** Volumes and layers of running pods; in memory. */
  readonly folder: string;
  readonly logFolder: string;
  /** The pause before a container's second restart; each later one is twice as long, up to thirty times the first. */
  readonly restartDelayMs: number;
}
