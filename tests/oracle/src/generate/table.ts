/** Random documents: listeners, routes, services. */

import type { Document, Endpoint, Listener, Match, Route, Service } from "../document.ts";
import * as alphabet from "./alphabet.ts";
import type { Random } from "./random.ts";
import { randomTheme } from "./match.ts";
import { randomRule } from "./rule.ts";
import type { Words } from "./words.ts";

/** A document of 1 to 60 routes; small ones more often, as they are read and shrunk more easily. */
export function randomDocument(random: Random, words: Words): Document {
  const listeners = random.chance(50) ? randomListeners(random, words) : undefined;
  const hosts = random.some([...words.exactHosts, ...words.wildcardHosts], 50);
  const count = random.chance(60) ? random.between(1, 8) : random.between(9, 60);
  const names = random.shuffled(alphabet.ROUTE_NAMES);
  const themes = random.list(random.between(1, 3), () => randomTheme(random, words));
  const surroundings = { words, themes, hosts, listeners };
  return {
    version: 1,
    ...(listeners === undefined ? {} : { listeners }),
    routes: random.list(count, (index) => randomRoute(random, names[index] ?? "z/z", surroundings)),
    services: Object.fromEntries(alphabet.SERVICES.map((name) => [name, randomService(random)])),
  };
}

/** Listeners of different port or host name; now and then one that clashes, or one that takes no HTTP. */
function randomListeners(random: Random, words: Words): Listener[] {
  const hostnames = [
    undefined,
    ...random.some([...words.exactHosts, ...words.wildcardHosts, "*.proto"], 30),
  ];
  const places = [80, 443, 8080].flatMap((port) =>
    hostnames.map((hostname) => ({ port, hostname })),
  );
  const chosen = random.shuffled(places).slice(0, random.between(1, words.listeners));
  const listeners = chosen.map(({ port, hostname }, index) => ({
    name: `l${index}`,
    port,
    protocol: port === 443 ? ("HTTPS" as const) : ("HTTP" as const),
    ...(hostname === undefined ? {} : { hostname }),
  }));
  const one = random.pick(listeners);
  return random.pick([
    ...Array<Listener[]>(12).fill(listeners),
    [...listeners, { name: "other", port: 9000, protocol: random.pick(["TLS", "TCP"]) }],
    // Of two with one name, or with one port and host name, only the first serves.
    [...listeners, { name: one.name, port: 9001, protocol: "HTTP" }],
    [...listeners, { ...one, name: "again" }],
  ]);
}

/** What the routes of a table have in common. */
interface Surroundings {
  readonly words: Words;
  readonly themes: readonly Match[];
  readonly hosts: readonly string[];
  readonly listeners: readonly Listener[] | undefined;
}

function randomRoute(
  random: Random,
  name: string,
  { words, themes, hosts, listeners }: Surroundings,
): Route {
  const kind = random.chance(12) ? "GRPCRoute" : "HTTPRoute";
  const hostnames =
    kind === "GRPCRoute"
      ? random.shuffled(alphabet.GRPC_HOSTS).slice(0, random.between(1, 3))
      : random.chance(80)
        ? random.shuffled(random.some(hosts, random.pick([20, 40]))).slice(0, 16)
        : [];
  const attached = listeners?.map((one) => one.name) ?? [];
  return {
    // Of two routes with one name only the first serves: now and then a name comes twice.
    name: random.chance(2) ? "a/a" : name,
    ...(kind === "GRPCRoute" || random.chance(30) ? { kind } : {}),
    ...random.maybe(50, "createdAt", () => random.pick(alphabet.TIMES)),
    ...(attached.length > 0 && random.chance(50)
      ? { listeners: attachment(random, attached) }
      : {}),
    ...(hostnames.length > 0 ? { hostnames } : {}),
    rules: random.list(random.pick([0, 1, 1, 1, 2, 2, 3, words.rules]), () =>
      randomRule(random, words, themes, kind),
    ),
  };
}

/** Some of the listeners; now and then one that is not there. */
function attachment(random: Random, listeners: readonly string[]): string[] {
  return [...random.some(listeners, 60), ...(random.chance(3) ? ["absent"] : [])];
}

function randomService(random: Random): Service {
  const count = random.pick([0, 1, 2, 3, 3, 3, 4, 4, 5, 5, 8, 16]);
  return {
    ...random.maybe(20, "protocol", () => random.pick(["http1", "h2c", "grpc"])),
    ...random.maybe(15, "activeTag", () => random.pick(["blue", "green"])),
    ...random.maybe(25, "zone", () => random.pick(["a", "b"])),
    endpoints: random.list(count, (index) => randomEndpoint(random, index)),
  };
}

function randomEndpoint(random: Random, index: number): Endpoint {
  const address = random.chance(10)
    ? { address: `fd00::${index + 1}`, port: 8080 }
    : { address: `10.0.0.${index + 1}`, port: random.pick([80, 8080]) };
  return {
    ...(random.chance(4) ? { address: `unix:/run/${index}.sock` } : address),
    ...random.maybe(40, "weight", () => random.pick([0, 1, 1, 2, 5, 1_000_000])),
    ...random.maybe(60, "tags", () => random.some(["blue", "green"], 60)),
    ...random.maybe(60, "zone", () => random.pick(["a", "b"])),
    ...random.maybe(40, "state", () => random.pick(["ready", "serving", "down"] as const)),
  };
}
