/** Random questions, aimed at what a document holds and at what lies right beside it. */

import type { Document, Listener, Match, Route } from "../document.ts";
import type { Question } from "../question.ts";
import * as alphabet from "./alphabet.ts";
import type { Random } from "./random.ts";
import { randomElement, randomPath, type Words } from "./words.ts";

type Line = readonly [name: string, value: string];

/** A question about some match of some route of the document. */
export function randomQuestion(random: Random, words: Words, document: Document): Question {
  const aim = randomAim(random, document);
  const { url, host } = target(random, words, aim);
  const lines = [
    ...host,
    ...headerLines(random, words, aim.match),
    ...(aim.cors ? corsLines(random) : []),
  ];
  const preflight = aim.cors && random.chance(50);
  const asterisk = url === "*" && random.chance(80);
  const method = preflight || asterisk ? "OPTIONS" : requestMethod(random, aim.match);
  return {
    request: { method, url, headers: random.shuffled(lines) },
    draw: randomDraw(random),
    ...(aim.listener !== undefined && random.chance(30) ? { listener: aim.listener.name } : {}),
  };
}

/** What of a document a question is about. */
interface Aim {
  readonly route: Route;
  readonly match: Match;
  readonly listener: Listener | undefined;
  readonly cors: boolean;
}

function randomAim(random: Random, document: Document): Aim {
  const route = random.pick(document.routes);
  const rules = route.rules ?? [];
  const rule = rules.length > 0 ? random.pick(rules) : undefined;
  const matches = rule?.matches ?? [];
  return {
    route,
    match: matches.length > 0 ? random.pick(matches) : {},
    listener: document.listeners === undefined ? undefined : random.pick(document.listeners),
    cors: (rule?.filters ?? []).some((one) => one.type === "CORS"),
  };
}

function requestMethod(random: Random, match: Match): string {
  if (typeof match.method === "string" && random.chance(80)) return match.method;
  return random.pick(random.chance(80) ? alphabet.METHODS : alphabet.REQUEST_METHODS);
}

/** URL and Host header: absolute, or the target alone with Host beside it. */
function target(
  random: Random,
  words: Words,
  { route, match, listener }: Aim,
): { url: string; host: Line[] } {
  const secure = listener === undefined ? random.chance(20) : listener.protocol === "HTTPS";
  const scheme = secure ? "https" : "http";
  const port =
    listener === undefined ? random.pick([80, 80, 8080]) : random.chance(95) ? listener.port : 81;
  const host = requestHost(random, words, route, listener);
  const authority = withPort(random, scheme, port, host);
  const query = queryOf(random, match);
  const rest = `${requestPath(random, words, host, match)}${query}${random.chance(2) ? "#a?b" : ""}`;
  if (!secure && random.chance(15)) return { url: rest, host: [["Host", authority]] };
  if (isGrpcHost(host)) return { url: `${scheme}://${authority}${rest}`, host: [] };
  if (random.chance(1)) return { url: "*", host: [["Host", authority]] };
  if (random.chance(1)) return { url: `${scheme}://${authority}${query}`, host: [] };
  const other = random.chance(6) ? otherHosts(random, words, route, listener) : [];
  return {
    url: `${random.chance(2) ? scheme.toUpperCase() : scheme}://${authority}${rest}`,
    host: other,
  };
}

/** A Host header wins over the URL's host, whose port is where the request came in; two of them are no request. */
function otherHosts(
  random: Random,
  words: Words,
  route: Route,
  listener: Listener | undefined,
): Line[] {
  const hosts = random.list(random.chance(95) ? 1 : 2, () =>
    requestHost(random, words, route, listener),
  );
  return hosts.filter((host) => !isGrpcHost(host)).map((host) => ["host", host]);
}

function withPort(random: Random, scheme: string, port: number, host: string): string {
  const usual = port === (scheme === "https" ? 443 : 80);
  return usual && random.chance(90) ? host : `${host}:${port}`;
}

function requestHost(
  random: Random,
  words: Words,
  route: Route,
  listener: Listener | undefined,
): string {
  const own = random.pick([...(route.hostnames ?? []), listener?.hostname ?? "*.a.example"]);
  const host = random.chance(90) ? ofPattern(random, own) : random.pick(words.exactHosts);
  if (random.chance(4)) return host.toUpperCase();
  if (random.chance(4)) return `${host}.`;
  if (random.chance(2)) return `x${host}`;
  return random.chance(1)
    ? random.pick(["127.0.0.1", "[::1]", "[2001:DB8:0:0::1]", "localhost"])
    : host;
}

/** A host that a pattern takes, at some depth; now and then the bare suffix, which it does not take. */
function ofPattern(random: Random, pattern: string): string {
  if (!pattern.startsWith("*.")) return random.chance(95) ? pattern : `x.${pattern}`;
  return random
    .pick(["x", "x", "a", "y", "x.y", "b.x.y", ""])
    .concat(pattern.slice(1))
    .replace(/^\./, "");
}

function requestPath(random: Random, words: Words, host: string, match: Match): string {
  if (isGrpcHost(host)) return grpcPath(random, match);
  const value = match.path?.value ?? "/";
  const literal = match.path?.type !== "RegularExpression" && value.startsWith("/");
  const path = literal && random.chance(85) ? value : randomPath(random, words);
  return random.chance(45) ? nearMiss(random, words, path) : path;
}

/** Only gRPC is spoken there: what a GRPCRoute does with other requests the specification does not say. */
function isGrpcHost(host: string): boolean {
  return /proto\.?$/i.test(host);
}

/** What lies right beside a path: an element more or less, a slash, another case, escapes and dots. */
function nearMiss(random: Random, words: Words, path: string): string {
  const element = random.pick(random.chance(50) ? words.elements : alphabet.REQUEST_ELEMENTS);
  const slash = path.endsWith("/") ? "" : "/";
  return random.pick([
    () => `${path}${slash}${element}`,
    () => `${path}${slash}${element}/${randomElement(random, words)}`,
    () => `/${element}${path}`,
    () => `${path}${slash}`,
    () => path.replace(/\/[^/]*\/?$/, "") || "/",
    () => `${path}b`,
    () => path.toUpperCase(),
    () => path.replace("a", "%61"),
    () => path.replace("/", "//"),
    () => path.replace("/", "/./"),
    () => path.replace("/", "/x/../"),
    () => `${path}${slash}..`,
    () => `${path}${slash}../${element}`,
    () => `${path}/.`,
  ])();
}

function grpcPath(random: Random, match: Match): string {
  const wanted =
    typeof match.method === "object" && match.method.type === undefined ? match.method : {};
  const service = random.chance(70) ? wanted.service : undefined;
  const method = random.chance(70) ? wanted.method : undefined;
  return `/${service ?? random.pick(alphabet.GRPC_SERVICES)}/${method ?? random.pick(alphabet.GRPC_METHODS)}`;
}

/** Lines that meet the match's conditions, each left out now and then, and some more. */
function headerLines(random: Random, words: Words, match: Match): Line[] {
  const wanted = random.some(match.headers ?? [], 85).map((one) => {
    const value =
      one.type === "RegularExpression" ? random.pick(alphabet.HEADER_VALUES) : one.value;
    return [random.chance(20) ? one.name.toUpperCase() : one.name, value] as const;
  });
  const more = random.list(random.pick([0, 0, 0, 1, 2]), () => {
    const value = random.pick([...alphabet.HEADER_VALUES, "", " 1 ", "\t2"]);
    return [random.pick([...words.headerNames, "x-ghost-a", "Accept"]), value] as const;
  });
  return [...wanted, ...more];
}

function corsLines(random: Random): Line[] {
  const origin = random.chance(90) ? [["Origin", random.pick(alphabet.ORIGINS)] as const] : [];
  const method = random.chance(80)
    ? [["Access-Control-Request-Method", random.pick(["GET", "PUT"])] as const]
    : [];
  const names = random.chance(50) ? [["Access-Control-Request-Headers", "x-a,x-b"] as const] : [];
  return [...origin, ...method, ...names];
}

function queryOf(random: Random, match: Match): string {
  const wanted = random.some(match.queryParams ?? [], 85).map((one) => {
    const value = one.type === "RegularExpression" ? random.pick(alphabet.QUERY_VALUES) : one.value;
    return pair(random, one.name, value);
  });
  const more = random.list(random.pick([0, 0, 0, 1, 2]), () =>
    random.pick([
      pair(random, random.pick(alphabet.QUERY_NAMES), random.pick(alphabet.QUERY_VALUES)),
      random.pick([
        "q",
        "q=",
        "=1",
        "",
        "q=%zz",
        "q=1=2",
        "q=1;r=2",
        "q=a b",
        "%71=1",
        "q=%ff",
        "u=http://b.example/",
        "q=?",
      ]),
    ]),
  );
  const pairs = random.shuffled([...wanted, ...more]);
  return pairs.length === 0 ? (random.chance(1) ? "?" : "") : `?${pairs.join("&")}`;
}

/** A parameter in one of its spellings. */
function pair(random: Random, name: string, value: string): string {
  const escaped = encodeURIComponent(value);
  return `${name}=${random.chance(50) ? escaped.replaceAll("%20", "+") : escaped}`;
}

/** Draws from everywhere and from where shares meet. */
function randomDraw(random: Random): number {
  const anywhere = (random.bits() * 2 ** 21 + (random.bits() >>> 11)) / 2 ** 53;
  const parts = random.between(1, 20);
  return random.pick([0, 1 - 2 ** -53, random.below(parts) / parts, anywhere, anywhere, anywhere]);
}
