/** The engine's counters, from `varnishstat -j`, and their text for Prometheus. Pure. */

/** A counter as varnishstat names it, such as `MAIN.sess_conn` or `MEMPOOL.sess0.live`. */
export interface EngineCounter {
  readonly name: string;
  readonly value: number;
  /** `counter` only grows; `gauge` goes up and down, or holds bits. */
  readonly kind: "counter" | "gauge";
  readonly about: string;
}

/** Reads the text; an empty list where it holds no counters, which is the case while the child is away. */
export function readCounters(text: string): readonly EngineCounter[] {
  return Object.entries(countersIn(text)).flatMap(([name, fields]) => {
    if (!isFields(fields)) return [];
    const { value, flag, description } = fields;
    if (typeof value !== "number") return [];
    const kind = flag === "c" || flag === "a" ? "counter" : "gauge";
    return [{ name, value, kind, about: typeof description === "string" ? description : "" }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function countersIn(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (!isFields(value)) return {};
  // Before Varnish 6.5 the counters stood at the top.
  const counters = value["counters"] ?? value;
  return isFields(counters) ? counters : {};
}

/** The value of one counter by varnishstat's name; undefined where there is none. */
export function counterValue(counters: readonly EngineCounter[], name: string): number | undefined {
  return counters.find((counter) => counter.name === name)?.value;
}

/**
 * Prometheus' text. `MAIN.sess_conn` is `varnish_sess_conn`; of other groups the group is part of the name and what stands
 * between is the label `id`: `MEMPOOL.sess0.live` is `varnish_mempool_live{id="sess0"}`.
 */
export function counterText(counters: readonly EngineCounter[]): string {
  const families = new Map<string, { kind: string; about: string; samples: string[] }>();
  for (const counter of counters) {
    const { name, id } = metricOf(counter.name);
    const family = families.get(name) ?? { kind: counter.kind, about: counter.about, samples: [] };
    const label = id === undefined ? "" : `{id="${escapeLabel(id)}"}`;
    family.samples.push(`${name}${label} ${counter.value}`);
    families.set(name, family);
  }
  return [...families]
    .map(([name, { kind, about, samples }]) =>
      [`# HELP ${name} ${escapeHelp(about)}`, `# TYPE ${name} ${kind}`, ...samples, ""].join("\n"),
    )
    .join("");
}

function metricOf(name: string): { name: string; id: string | undefined } {
  const parts = /^([^.]+)\.(?:(.*)\.)?([^.]+)$/s.exec(name);
  if (parts === null) return { name: `varnish_${word(name)}`, id: undefined };
  const [, group = "", id, last = ""] = parts;
  return { name: `varnish_${group === "MAIN" ? "" : `${word(group)}_`}${word(last)}`, id };
}

function word(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_");
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
