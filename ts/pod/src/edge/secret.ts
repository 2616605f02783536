/** Certificates and keys from the Secret that was made for this Gateway. */

import { get, resources } from "@ghost-gateway/kubernetes";
import type { Connection, KubernetesObject } from "@ghost-gateway/kubernetes";
import { DeliveryError } from "./place.js";
import type { ReadSecret } from "./generation.js";

type Secret = KubernetesObject & { readonly data?: Readonly<Record<string, string>> };

/** Reads the Secret again only for what the last reading did not hold: files are named after their content. */
export function secretReader(
  connection: Connection,
  at: { readonly namespace: string; readonly name: string },
): ReadSecret {
  let data: Readonly<Record<string, string>> = {};
  return async (name) => {
    if (data[name] === undefined)
      data = (await get<Secret>(connection, resources.secrets, at))?.data ?? {};
    const value = data[name];
    if (value === undefined)
      throw new DeliveryError(`Secret ${at.namespace}/${at.name} does not hold ${name} yet`);
    return Buffer.from(value, "base64");
  };
}
