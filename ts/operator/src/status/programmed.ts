/** What the data plane adds to a Gateway's status: addresses, and whether what is wanted is what is served. Pure. */

import type {
  Condition,
  GatewayStatus,
  ListenerSetStatus,
  ListenerStatus,
} from "@ghost-gateway/gateway-api";

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
  /** Addresses the Gateway asks for. */
  readonly wantedAddresses: readonly string[];
}

/** An object with listeners that a Gateway's data plane serves. */
export interface TellingObject {
  readonly generation: number | undefined;
  /** Listeners that the data plane does not serve, by name, with the reason of their condition Accepted. */
  readonly unserved: ReadonlyMap<string, string>;
}

/** A status with the data plane's verdict. What the translation refused stays refused. */
export function withDataPlane<Status extends GatewayStatus | ListenerSetStatus>(
  status: Status,
  state: DataPlaneState,
  { generation, unserved }: TellingObject,
): Status {
  const { conditions, listeners } = status.status;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const programmed = { ...verdictOn(state), ...observed };
  return {
    ...status,
    status: {
      ...status.status,
      conditions: withProgrammed(conditions, programmed),
      listeners: listeners.map((listener): ListenerStatus => {
        const reason = unserved.get(listener.name);
        return reason === undefined || !isAccepted(listener.conditions)
          ? { ...listener, conditions: withProgrammed(listener.conditions, programmed) }
          : asUnserved(listener, reason, observed);
      }),
    },
  };
}

/** A Gateway is reached where its Service is. */
export function withAddresses(
  status: GatewayStatus,
  { addresses }: Pick<DataPlaneState, "addresses">,
): GatewayStatus {
  return { ...status, status: { ...status.status, addresses } as GatewayStatus["status"] };
}

/** Nobody may believe that a listener is served which is not. */
function asUnserved(listener: ListenerStatus, reason: string, observed: object): ListenerStatus {
  const message = "The data plane does not serve this protocol in this mode.";
  const isOurs = ({ type }: Condition): boolean => type !== "Accepted" && type !== "Programmed";
  return {
    ...listener,
    supportedKinds: [],
    attachedRoutes: 0,
    conditions: [
      { type: "Accepted", status: "False", reason, message, ...observed },
      { type: "Programmed", status: "False", reason: "Invalid", message, ...observed },
      ...listener.conditions.filter(isOurs),
    ],
  };
}

function isAccepted(conditions: readonly Condition[]): boolean {
  return conditions.some(({ type, status }) => type === "Accepted" && status === "True");
}

function withProgrammed(
  conditions: readonly Condition[],
  programmed: Condition,
): readonly Condition[] {
  const isDecided = conditions.some(({ type }) => type === "Programmed");
  return isDecided || !isAccepted(conditions) ? conditions : [...conditions, programmed];
}

/** GEP-1364: Programmed is told when the data plane has what is wanted, and not before. */
function verdictOn(state: DataPlaneState): Condition {
  const { delivered, acknowledged, addresses, wantedAddresses } = state;
  const type = "Programmed";
  const unusable = wantedAddresses.filter((wanted) =>
    addresses.every(({ value }) => value !== wanted),
  );
  if (unusable.length > 0)
    return {
      type,
      status: "False",
      reason: "AddressNotUsable",
      message: `The Service has not been given ${unusable.join(", ")}.`,
    };
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
