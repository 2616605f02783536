/** Requests that try a routing document out: one for a route here and there, and one that nothing is for. Pure. */

/** A request for one listener. */
export interface Sample {
  readonly host: string;
  readonly path: string;
  /** Undefined: any. */
  readonly listener: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** A host that no document names: RFC 2606 keeps the name free. */
const nobody: Sample = { host: "ghost-self-check.invalid", path: "/", listener: undefined };

/** At most `count`, spread over the routes. `routes` must be a document that the core has read. */
export function sampleRequests(routes: Uint8Array, count: number): Sample[] {
  const document: unknown = JSON.parse(Buffer.from(routes).toString("utf8"));
  const list = isFields(document) && Array.isArray(document["routes"]) ? document["routes"] : [];
  const step = Math.max(1, Math.ceil(list.length / Math.max(1, count - 1)));
  const samples = list
    .filter((_, index) => index % step === 0)
    .filter(isFields)
    .map(sampleOf);
  return [nobody, ...samples].slice(0, count);
}

function sampleOf(route: Fields): Sample {
  const rule = firstOf(route["rules"]);
  const path = firstOf(rule?.["matches"])?.["path"];
  const value = isFields(path) && path["type"] !== "RegularExpression" ? path["value"] : "/";
  const [hostname, listener] = [firstText(route["hostnames"]), firstText(route["listeners"])];
  return {
    host: hostname?.replace(/^\*\./, "ghost-self-check.") ?? nobody.host,
    path: typeof value === "string" && /^\/[\x21-\x7e]*$/.test(value) ? value : "/",
    listener,
  };
}

function firstOf(value: unknown): Fields | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return isFields(first) ? first : undefined;
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "string" ? first : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
