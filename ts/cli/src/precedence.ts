/** The order in which matches of one rule are written: the order of precedence (Gateway API HTTPRouteRule.matches). Pure. */

interface AnyMatch {
  readonly path?: unknown;
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly queryParams?: unknown;
}

/** Smaller comes first. Equal for matches that only their order tells apart. */
export function compareMatches(left: AnyMatch, right: AnyMatch): number {
  const [one, other] = [rankOf(left), rankOf(right)];
  for (const [index, rank] of one.entries()) {
    const difference = rank - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const kinds: Readonly<Record<string, number>> = { Exact: 0, RegularExpression: 1, PathPrefix: 2 };

function rankOf({ path, method, headers, queryParams }: AnyMatch): number[] {
  const { type, value } = fieldsOf(path);
  const kind = kinds[typeof type === "string" ? type : "PathPrefix"] ?? 3;
  const length = typeof value === "string" ? Buffer.byteLength(value.replace(/\/$/, "")) : 0;
  return [
    kind,
    kind === 0 ? 0 : -length,
    method === undefined || method === null ? 1 : 0,
    -lengthOf(headers),
    -lengthOf(queryParams),
  ];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
