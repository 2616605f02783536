/** What the data plane adds to a Gateway's status: addresses, and whether what is wanted is what is served. Pure. */

import type { Condition, GatewayStatus, ListenerStatus } from "@ghost-gateway/gateway-api";

/** What is known of a Gateway's data plane. */
export interface DataPlaneState {
  /** Generation of the documents that were delivered; undefined before the first. */
  readonly delivered: number | undefined;
  /** Generations that Pods which are ready say they serve. */
  readonly acknowledged: readonly number[];
  /** Where the Service is reached: IP addresses or host names. */
  readonly addresses: readonly {
    readonly type: "IPAddress" | "Hostname";
    readonly value: string;
  }[];
}

/** A Gateway's status with the data plane's part. What the translation refused stays refused. */
export function withDataPlane(
  status: GatewayStatus,
  state: DataPlaneState,
  observedGeneration: number | undefined,
): GatewayStatus {
  const { conditions, listeners } = status.status;
  const programmed = {
    ...verdictOn(state),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
  return {
    ...status,
    status: {
      ...status.status,
      addresses: state.addresses,
      conditions: withProgrammed(conditions, programmed),
      listeners: listeners.map((listener): ListenerStatus => ({
        ...listener,
        conditions: withProgrammed(listener.conditions, programmed),
      })),
    } as GatewayStatus["status"],
  };
}

function withProgrammed(
  conditions: readonly Condition[],
  programmed: Condition,
): readonly Condition[] {
  const isDecided = conditions.some(({ type }) => type === "Programmed");
  const isAccepted = conditions.some(
    ({ type, status }) => type === "Accepted" && status === "True",
  );
  return isDecided || !isAccepted ? conditions : [...conditions, programmed];
}

/** GEP-1364: Programmed is told when the data plane has what is wanted, and not before. */
function verdictOn({ delivered, acknowledged, addresses }: DataPlaneState): Condition {
  const type = "Programmed";
  if (addresses.length === 0)
    return {
      type,
      status: "False",
      reason: "AddressNotAssigned",
      message: "The Service has no address yet.",
    };
  if (delivered === undefined)
    return { type, status: "False", reason: "Pending", message: "Nothing has been delivered yet." };
  const serving = acknowledged.filter((generation) => generation >= delivered).length;
  if (serving > 0)
    return { type, status: "True", reason: "Programmed", message: "The Gateway is served." };
  const message = `No Pod that is ready serves generation ${delivered} yet.`;
  return { type, status: "False", reason: "Pending", message };
}
