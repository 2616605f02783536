/** Everything that runs during the demo, and its end. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "./client.js";
import { demoDocument, services } from "./configuration.js";
import type { Ports, Split } from "./configuration.js";
import { Gateway } from "./gateway.js";
import type { Ledger } from "./ledger.js";
import { startOrigin } from "./origin.js";
import type { Fault } from "./origin.js";

export interface Stage {
  readonly ports: Ports;
  /** The document to edit. */
  readonly file: string;
  readonly gateway: Gateway;
  readonly port: number;
  readonly client: Client;
  readonly ledger: Ledger;
  /** Faults to come, by request id. */
  readonly faults: Map<string, Fault>;
}

/** Connections of the client; as many requests run at a time. */
export const width = 16;

/** Two origins, a document, varnishd; `work` is done with them, and everything ends with it. */
export async function onStage<T>(
  ledger: Ledger,
  split: Split,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const faults = new Map<string, Fault>();
  const start = (service: string): ReturnType<typeof startOrigin> =>
    startOrigin({
      service,
      onRequest: (id, by) => ledger.arrived(id, by),
      faultFor: (id) => faults.get(id),
    });
  const origins = await Promise.all([start(services.blue), start(services.green)]);
  const ports = { blue: origins[0].port, green: origins[1].port };
  const folder = await mkdtemp(join(tmpdir(), "ghost-demo-"));
  const file = join(folder, "ghost.json");
  await writeFile(file, demoDocument(ports, split));
  const gateway = new Gateway(file);
  let client: Client | undefined;
  try {
    const port = await gateway.ready();
    client = new Client(port, width);
    return await work({ ports, file, gateway, port, client, ledger, faults });
  } finally {
    client?.close();
    gateway.stop();
    await gateway.exited;
    await Promise.all(origins.map((origin) => origin.close()));
    await rm(folder, { recursive: true, force: true });
  }
}
