/** Status of a GatewayClass (Gateway API `GatewayClassStatus`). */

import { gatewayGroup } from "../objects.js";
import { supportedBundle } from "../model/class.js";
import type { ClassModel } from "../model/class.js";
import type { Model } from "../model/model.js";
import { conditions, negative, positive } from "./condition.js";
import type { Condition, Verdict } from "./condition.js";

export interface GatewayClassStatus {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "GatewayClass";
  readonly namespace: "";
  readonly name: string;
  readonly status: {
    readonly conditions: readonly Condition[];
    /** Sorted by name. */
    readonly supportedFeatures: readonly { readonly name: string }[];
  };
}

export function classStatus(
  { entry, refusals }: ClassModel,
  bundle: Model["bundle"],
  features: readonly string[],
): GatewayClassStatus {
  const accepted =
    negative("Accepted", refusals) ??
    positive("Accepted", "Accepted", "The class is served by this controller.");
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "GatewayClass",
    namespace: "",
    name: entry.metadata.name,
    status: {
      conditions: conditions(entry.metadata, accepted, versionVerdict(bundle)),
      supportedFeatures: features.map((name) => ({ name })),
    },
  };
}

// Without the definitions among the objects nothing is known about their version.
function versionVerdict({ isKnown, version }: Model["bundle"]): Verdict | undefined {
  if (!isKnown) return undefined;
  if (version === undefined)
    return positive(
      "SupportedVersion",
      "SupportedVersion",
      `The definitions are of ${supportedBundle}.`,
    );
  const message = `Definitions of version ${version} are installed; ${supportedBundle} is supported, others are tried.`;
  return { type: "SupportedVersion", status: "False", reason: "UnsupportedVersion", message };
}
