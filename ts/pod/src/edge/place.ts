/** An edge's configuration as it is delivered -> the one the edge reads: paths lead into the generation's folder. Pure. */

/** What is wrong with a configuration that was delivered. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
}

export interface PlacedConfiguration {
  /** For the edge, whole. */
  readonly text: string;
  /** Paths of certificates and keys, relative to the generation's folder. */
  readonly secrets: readonly string[];
}

/** Where the edge keeps what served last, and where it says how it does. */
export const stateFolder = "state";
export const observedAt = "127.0.0.1:9090";

/** Keys whose values are paths (docs/edge.md). */
const pathKeys: ReadonlySet<string> = new Set(["routes_file", "cert", "key", "ca_files"]);
/** Nothing else may be named: the configuration came through a ConfigMap. */
const pathPattern =
  /^(?:routes\.json|(?:tls\/(?:\d{1,5}-\d{1,5}\/)?[0-9a-f]{32}\.(?:crt|key)|authorities\/[0-9a-f]{32}\.pem))$/;

/** `folder` is relative to the configuration's. Throws a DeliveryError. */
export function placeConfiguration(delivered: Uint8Array, folder: string): PlacedConfiguration {
  const secrets = new Set<string>();
  const place = (path: unknown): string => {
    if (typeof path !== "string" || !pathPattern.test(path))
      throw new DeliveryError(`edge.json names ${JSON.stringify(path)}, which no generation holds`);
    if (path.startsWith("tls/")) secrets.add(path);
    return `${folder}/${path}`;
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (!pathKeys.has(key)) return [key, walk(inner)];
        return [key, Array.isArray(inner) ? inner.map(place) : place(inner)];
      }),
    );
  };
  const configuration = walk(readObject(delivered));
  const whole = {
    ...(configuration as object),
    state_directory: stateFolder,
    metrics: { address: observedAt },
  };
  return { text: `${JSON.stringify(whole)}\n`, secrets: [...secrets] };
}

function readObject(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new DeliveryError("edge.json is not JSON", { cause: error });
  }
  if (!isRecord(value)) throw new DeliveryError("edge.json is not an object");
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
