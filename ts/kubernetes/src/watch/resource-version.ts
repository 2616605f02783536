/** Versions of objects, as far as they can be compared. */

/**
 * Whether `version` is older than `held`. Since Kubernetes 1.35 versions of one resource are decimal numbers by contract;
 * where one is not, nothing can be said, and nothing is said to be older.
 */
export function isOlder(version: string | undefined, held: string | undefined): boolean {
  if (version === undefined || held === undefined) return false;
  if (!isDecimal(version) || !isDecimal(held)) return false;
  return BigInt(version) < BigInt(held);
}

function isDecimal(version: string): boolean {
  return /^[1-9]\d{0,38}$/.test(version);
}
