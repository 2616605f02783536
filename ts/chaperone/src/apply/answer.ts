/** The engine's answer to a reload, read and checked. Pure. */

/** A document as the engine holds it. */
export interface AppliedDocument {
  /** Null: the document has none. */
  readonly generation: number | null;
  readonly sha256: string;
  /** Routes, or endpoints. */
  readonly count: number;
}

/** A route or rule that is left out or answers 500. */
export interface Quarantined {
  readonly route: string;
  readonly code: string;
  readonly message: string;
}

export interface ReloadAnswer {
  readonly ok: boolean;
  readonly routes: AppliedDocument & { readonly quarantined: readonly Quarantined[] };
  readonly endpoints: AppliedDocument;
  /** `routes`, `endpoints`. */
  readonly changed: readonly string[];
  readonly tookMs: number;
  /** What the engine found, as lines; where `ok` is false these say why. */
  readonly findings: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the body of an answer; undefined where it is not one. */
export function readReloadAnswer(body: string): ReloadAnswer | undefined {
  const value = parse(body);
  const { ok, routes, endpoints, changed, tookMs, diagnostics } = value;
  const applied = readDocument(routes);
  const located = readDocument(endpoints);
  if (typeof ok !== "boolean" || applied === undefined || located === undefined) return undefined;
  return {
    ok,
    routes: { ...applied, quarantined: readQuarantined(routes) },
    endpoints: located,
    changed: list(changed).map(String),
    tookMs: Number(tookMs),
    findings: list(diagnostics).map(fields).map(describeFinding),
  };
}

function parse(body: string): Fields {
  try {
    return fields(JSON.parse(body));
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readDocument(value: unknown): AppliedDocument | undefined {
  const { generation, sha256, count } = fields(value);
  if (typeof sha256 !== "string" || typeof count !== "number") return undefined;
  return { generation: typeof generation === "number" ? generation : null, sha256, count };
}

function readQuarantined(routes: unknown): Quarantined[] {
  const { quarantined } = fields(routes);
  return list(quarantined)
    .map(fields)
    .map(({ route, code, message }) => ({
      route: String(route),
      code: String(code),
      message: String(message),
    }));
}

function describeFinding({ file, line, column, code, message }: Fields): string {
  const place = typeof file === "string" ? `${file}:${String(line)}:${String(column)}: ` : "";
  return `${place}${typeof code === "string" ? `${code} ` : ""}${String(message)}`;
}
