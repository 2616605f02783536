/** The running chaperone that `--run-folder` or `--status` names. */

import { connectChaperone, ControlError } from "@ghost-gateway/chaperone/control";
import type { ChaperoneClient } from "@ghost-gateway/chaperone/control";
import { CommandFailure, exitCode, usageFailure } from "./exit.js";

export interface ControlOptions {
  readonly runFolder?: string;
  readonly address?: string;
}

export function connect({ runFolder, address }: ControlOptions): ChaperoneClient {
  if (runFolder !== undefined && address !== undefined)
    throw usageFailure("give either --run-folder or --address, not both");
  if (runFolder !== undefined) return connectChaperone({ folder: runFolder });
  return connectChaperone(address === undefined ? {} : { url: urlOf(address) });
}

function urlOf(address: string): string {
  return address.includes("://") ? address : `http://${address}`;
}

/** What goes wrong on the way, with the way out. */
export async function reach<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof ControlError)) throw error;
    const hint =
      error.reason === "unreachable"
        ? "; is a chaperone running? name its folder with --run-folder, or its status with --address"
        : "";
    throw new CommandFailure(
      `${error.message}${hint}`,
      error.reason === "refused" ? exitCode.findings : exitCode.unreachable,
      { cause: error },
    );
  });
}
