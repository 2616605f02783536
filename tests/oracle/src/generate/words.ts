/** The words one table is made of. Few, so that they meet often; or many of a kind, to pass every size a router may treat apart. */

import { RARE_ELEMENTS } from "./alphabet.ts";
import type { Random } from "./random.ts";

export interface Words {
  readonly exactHosts: readonly string[];
  readonly wildcardHosts: readonly string[];
  /** Common path elements. */
  readonly elements: readonly string[];
  /** Most elements of a path. */
  readonly depth: number;
  /** Paths that most matches of the table share, so that the later criteria of precedence decide. */
  readonly paths: readonly string[];
  readonly headerNames: readonly string[];
  /** Most listeners. */
  readonly listeners: number;
  /** Most rules of a route, most matches of a rule. */
  readonly rules: number;
  readonly matches: number;
}

type Kind = Omit<Words, "paths">;

const FEW: Kind = {
  exactHosts: [
    "example",
    "a.example",
    "b.example",
    "x.a.example",
    "y.a.example",
    "x.y.a.example",
    "xa.example",
    "A.test",
  ],
  wildcardHosts: ["*.example", "*.a.example", "*.y.a.example", "*.b.example", "*.test"],
  elements: ["a", "b", "ab", "a"],
  depth: 3,
  headerNames: ["x-a", "X-A", "X-B", "x-c", "x-a-b"],
  listeners: 6,
  rules: 4,
  matches: 5,
};

/** One host with paths without end. */
const MANY_PATHS: Kind = {
  ...FEW,
  exactHosts: ["a.example"],
  wildcardHosts: ["*.example"],
  elements: numbered("e", 40),
  depth: 3,
  rules: 16,
  matches: 8,
};

/** Paths deeper than a machine word has bits. */
const DEEP_PATHS: Kind = { ...MANY_PATHS, elements: ["a", "a", "a", "b"], depth: 70, rules: 8 };

const MANY_HOSTS: Kind = {
  ...FEW,
  exactHosts: numbered("h", 150).map((host) => `${host}.example`),
  wildcardHosts: numbered("h", 150).map((host) => `*.${host}.example`),
  rules: 2,
  matches: 2,
};

/** Names with more labels than a machine word has bits. */
const DEEP_HOSTS: Kind = {
  ...FEW,
  exactHosts: numbered("x", 70).map((host, depth) => `${"a.".repeat(depth)}${host}.example`),
  wildcardHosts: numbered("x", 70).map((_, depth) => `*.${"a.".repeat(depth)}example`),
};

const MANY_NAMES: Kind = { ...FEW, headerNames: numbered("x-", 100), listeners: 80, matches: 8 };

/** Words for one table, those that make small tables most often. */
export function randomWords(random: Random): Words {
  const many = [MANY_PATHS, DEEP_PATHS, MANY_HOSTS, DEEP_HOSTS, MANY_NAMES];
  const kind = random.chance(85) ? FEW : random.pick(many);
  return { ...kind, paths: random.list(random.between(1, 5), () => randomPath(random, kind)) };
}

/** A path as a route may have it; a slash behind it now and then. */
export function randomPath(random: Random, words: Kind): string {
  const count = random.below(words.depth + 1);
  const path = random.list(count, () => `/${randomElement(random, words)}`).join("");
  return path === "" || random.chance(15) ? `${path}/` : path;
}

export function randomElement(random: Random, words: Kind): string {
  // The deeper the paths, the rarer: else hardly two would have anything in common.
  return random.pick(random.chance(100 - 30 / words.depth) ? words.elements : RARE_ELEMENTS);
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
