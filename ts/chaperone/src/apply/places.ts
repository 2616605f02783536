/**
 * Where the routes and rules of a routing document stand, for those that do not say themselves.
 *
 * The engine reads a copy; with this, its decisions name the file that people edit. One pass over the text, because documents of
 * ten thousand routes are stamped between a save and its being served. Pure.
 */

/** Where `"source":"…",` is to be put in, and what it is to say. */
export interface SourcePlace {
  /** Right behind an opening brace. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** Whether the object has members, so that a comma is needed. */
  readonly hasMembers: boolean;
}

/** An object or list that is open. */
interface Level {
  readonly start: number;
  readonly isObject: boolean;
  /** The key that is being read, where it matters. */
  key: string;
  hasMembers: boolean;
  hasSource: boolean;
}

/** Depth of routes and of rules: document, list, route, list, rule. */
const routeDepth = 3;
const ruleDepth = 5;

/**
 * Routes and rules without a `source`, in the order of their places. A route with one has places of its own making, so its rules are
 * left alone. `text` must be a document that the core has read.
 */
export function placesWithoutSource(text: string): SourcePlace[] {
  const open: Level[] = [];
  const found: number[] = [];
  const members = new Map<number, boolean>();
  let rules: number[] = [];
  const close = (level: Level): void => {
    const isOurs = level.isObject && !level.hasSource && isUnderRoutes(open);
    if (isOurs && open.length === ruleDepth) rules.push(level.start);
    if (level.isObject && open.length === routeDepth) {
      if (isOurs) found.push(level.start, ...rules);
      rules = [];
    }
    if (open.length === routeDepth || open.length === ruleDepth)
      members.set(level.start, level.hasMembers);
    open.pop();
  };
  const token = /["{}[\]]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const level = open.at(-1);
    if (match[0] === '"') {
      const end = endOfString(text, match.index);
      if (level?.isObject === true && open.length <= ruleDepth)
        readKey(text, match.index, end, level);
      token.lastIndex = end;
    } else if (match[0] === "{" || match[0] === "[") {
      const isObject = match[0] === "{";
      open.push({ start: match.index, isObject, key: "", hasMembers: false, hasSource: false });
    } else if (level !== undefined) close(level);
  }
  return located(
    text,
    found.toSorted((left, right) => left - right),
    members,
  );
}

/** In lists named `routes`, and in those of them named `rules`. */
function isUnderRoutes(open: readonly Level[]): boolean {
  const isRoutes = open[0]?.key === "routes" && open[1]?.isObject === false;
  if (open.length === routeDepth) return isRoutes;
  return (
    isRoutes && open.length === ruleDepth && open[2]?.key === "rules" && open[3]?.isObject === false
  );
}

/** A string with a colon behind it is a key. */
function readKey(text: string, start: number, end: number, level: Level): void {
  level.hasMembers = true;
  if (!isKey(text, end)) return;
  level.key = text.slice(start + 1, end - 1);
  if (level.key === "source") level.hasSource = true;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return text[at] === ":";
}

/** Right behind the closing quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
}

/** Lines and columns from 1; a column is a character, however many bytes it has. */
function located(
  text: string,
  starts: readonly number[],
  members: ReadonlyMap<number, boolean>,
): SourcePlace[] {
  let line = 1;
  let column = 1;
  let at = 0;
  return starts.map((start) => {
    for (; at < start; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === 0x0a) [line, column] = [line + 1, 1];
      // The second half of a surrogate pair is no character of its own.
      else if (unit < 0xdc00 || unit > 0xdfff) column += 1;
    }
    return { offset: start + 1, line, column, hasMembers: members.get(start) === true };
  });
}
