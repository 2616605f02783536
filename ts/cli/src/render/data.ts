/** Data for machines. */

import { stringify } from "yaml";

/** Formats that print everything. */
export type DataFormat = "json" | "yaml";

/** JSON with two spaces, or YAML; the same keys in the same order. */
export function renderData(value: unknown, format: DataFormat): string {
  return format === "json" ? `${JSON.stringify(value, null, 2)}\n` : stringify(value);
}
