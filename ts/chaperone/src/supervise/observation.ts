/** Opens what others ask a chaperone by: the socket of the run folder, and TCP where that is wanted. */

import { randomBytes } from "node:crypto";
import { writeAtomically } from "../apply/write.js";
import { EngineFailure } from "../engine/launch.js";
import type { Workspace } from "../engine/workspace.js";
import type { Board } from "../observe/board.js";
import {
  healthEndpoints,
  metricsEndpoints,
  orderEndpoints,
  statusEndpoints,
} from "../observe/endpoints.js";
import type { Orders } from "../observe/endpoints.js";
import { serveSocket, serveTcp } from "../observe/http.js";
import type { Endpoint, ServedEndpoints } from "../observe/http.js";
import type { StatsCollector } from "../observe/varnishstat.js";
import type { ChaperoneOptions, TcpAddress } from "../options.js";

export interface Observed {
  readonly options: ChaperoneOptions;
  readonly workspace: Workspace;
  readonly board: Board;
  readonly stats: StatsCollector;
  readonly orders: Orders;
}

/** Gives what closes everything. Rejects with an EngineFailure where an address cannot be had. */
export async function openObservation(observed: Observed): Promise<() => Promise<void>> {
  const { options, workspace, board, stats, orders } = observed;
  const token = randomBytes(24).toString("base64url");
  await writeAtomically(workspace.tokenFile, Buffer.from(`${token}\n`));
  const status = statusEndpoints(board, orders);
  const opened: ServedEndpoints[] = [
    await serveSocket(workspace.statusSocket, [...status, ...orderEndpoints(orders)]),
  ];
  const wanted: readonly (readonly [TcpAddress | undefined, readonly Endpoint[]])[] = [
    [options.health, status],
    [options.podHealth, healthEndpoints(board)],
    [options.metrics, metricsEndpoints(board, stats)],
  ];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close()));
  };
  for (const [address, endpoints] of wanted) {
    if (address === undefined) continue;
    try {
      opened.push(await serveTcp(address, endpoints, token));
    } catch (error) {
      const message = `${address.host}:${address.port} cannot be served: ${error instanceof Error ? error.message : String(error)}`;
      if (options.isObservationOptional !== true) {
        await close();
        throw new EngineFailure(message, { cause: error });
      }
      options.onEvent({ type: "notice", level: "warn", message });
    }
  }
  return close;
}
