/** Mistakes a router can make, each as one line of the reference replaced by a wrong one. */

export interface Fault {
  readonly name: string;
  /** File below src/. */
  readonly file: string;
  /** The line as it is, found once in the file. */
  readonly right: string;
  readonly wrong: string;
}

export const FAULTS: readonly Fault[] = [
  {
    name: "ties go to the younger route",
    file: "reference/precedence.ts",
    right: "(one) => -createdAt(one),",
    wrong: "(one) => createdAt(one),",
  },
  {
    name: "routes of the same age are ordered backwards by name",
    file: "reference/precedence.ts",
    right: "Buffer.compare(Buffer.from(left.route.name), Buffer.from(right.route.name))",
    wrong: "Buffer.compare(Buffer.from(right.route.name), Buffer.from(left.route.name))",
  },
  {
    name: "namespace comes before name",
    file: "reference/precedence.ts",
    right: "Buffer.compare(Buffer.from(left.route.name), Buffer.from(right.route.name))",
    wrong:
      'Buffer.compare(Buffer.from(left.route.name.replace("/", "\\0")), Buffer.from(right.route.name.replace("/", "\\0")))',
  },
  {
    name: "the last rule of a route wins",
    file: "reference/precedence.ts",
    right: "left.ruleIndex - right.ruleIndex",
    wrong: "right.ruleIndex - left.ruleIndex",
  },
  {
    name: "the last match of a rule wins",
    file: "reference/precedence.ts",
    right: "left.matchIndex - right.matchIndex",
    wrong: "right.matchIndex - left.matchIndex",
  },
  {
    name: "the number of header matches is ignored",
    file: "reference/precedence.ts",
    right: "(one) => consideredHeaders(one.match).length,",
    wrong: "",
  },
  {
    name: "ignored header entries are counted",
    file: "reference/precedence.ts",
    right: "(one) => consideredHeaders(one.match).length,",
    wrong: "(one) => one.match.headers?.length ?? 0,",
  },
  {
    name: "the number of query matches is ignored",
    file: "reference/precedence.ts",
    right: "(one) => consideredParameters(one.match).length,",
    wrong: "",
  },
  {
    name: "a method match does not count",
    file: "reference/precedence.ts",
    right: '(one) => (typeof one.match.method === "string" ? 1 : 0),',
    wrong: "",
  },
  {
    name: "regular expressions come after prefixes",
    file: "reference/precedence.ts",
    right: 'return [1, characters(path?.value ?? "/")];',
    wrong: 'return [-1, characters(path?.value ?? "/")];',
  },
  {
    name: "all regular expressions rank alike",
    file: "reference/precedence.ts",
    right: 'return [1, characters(path?.value ?? "/")];',
    wrong: "return [1, 0];",
  },
  {
    name: "the shorter prefix wins",
    file: "reference/precedence.ts",
    right: "return [0, characters(withoutTrailingSlash(literalPath(path)))];",
    wrong: "return [0, -characters(withoutTrailingSlash(literalPath(path)))];",
  },
  {
    name: "hosts do not fall through",
    file: "reference.ts",
    right: "candidates(routes, listener.name, received)",
    wrong:
      "candidates(routes.filter((one) => one.hostnames?.includes(received.host) || !routes.some((other) => other.hostnames?.includes(received.host))), listener.name, received)",
  },
  {
    name: "the shorter wildcard wins",
    file: "reference/precedence.ts",
    right: "(one) => hostnameSpecificity(one.hostname)[1],",
    wrong: "(one) => -hostnameSpecificity(one.hostname)[1],",
  },
  {
    name: "a wildcard takes one label only",
    file: "reference/hostname.ts",
    right: "host.endsWith(suffix) && host.length > suffix.length",
    wrong: 'host.endsWith(suffix) && !host.slice(0, -suffix.length).includes(".")',
  },
  {
    name: "a wildcard takes the bare name",
    file: "reference/hostname.ts",
    right: "host.endsWith(suffix) && host.length > suffix.length",
    wrong: "`.${host}`.endsWith(suffix)",
  },
  {
    name: "the case of hosts counts",
    file: "canonical.ts",
    right: 'name.toLowerCase().replace(/\\.$/, "")',
    wrong: 'name.replace(/\\.$/, "")',
  },
  {
    name: "listeners do not isolate",
    file: "reference/candidate.ts",
    right: "if (!isAttached(route, listener)) continue;",
    wrong: "",
  },
  {
    name: "the less specific listener wins",
    file: "reference/listener.ts",
    right: "rightExact - leftExact || rightAny - leftAny",
    wrong: "leftExact - rightExact || leftAny - rightAny",
  },
  {
    name: "prefixes end anywhere",
    file: "reference/path.ts",
    right:
      "return startsWithElements(elements(path), elements(withoutTrailingSlash(literalPath(match))));",
    wrong: "return path.startsWith(withoutTrailingSlash(literalPath(match)));",
  },
  {
    name: "a trailing slash of a prefix counts",
    file: "reference/path.ts",
    right:
      "return startsWithElements(elements(path), elements(withoutTrailingSlash(literalPath(match))));",
    wrong:
      "return `${path}/`.startsWith(literalPath(match)) && startsWithElements(elements(path), elements(literalPath(match)));",
  },
  {
    name: "regular expressions are not anchored",
    file: "reference/pattern.ts",
    right: "`^(?:${pattern})$`",
    wrong: "pattern",
  },
  {
    name: "alternatives are anchored on one side only",
    file: "reference/pattern.ts",
    right: "`^(?:${pattern})$`",
    wrong: "`^${pattern}$`",
  },
  {
    name: "the last line of a repeated header counts",
    file: "reference/header.ts",
    right: 'values.join(",")',
    wrong: "(values.at(-1) ?? null)",
  },
  {
    name: "the case of header names counts",
    file: "reference/header.ts",
    right: "own.toLowerCase() === name.toLowerCase()",
    wrong: "own === name",
  },
  {
    name: "a plus is a plus in a query",
    file: "reference/query.ts",
    right: 'text.replaceAll("+", " ")',
    wrong: "text",
  },
  {
    name: "the last value of a repeated parameter counts",
    file: "reference/query.ts",
    right: 'query.split("&")',
    wrong: 'query.split("&").toReversed()',
  },
  {
    name: "escaped slashes are separators",
    file: "canonical.ts",
    right: "UNRESERVED.test(character) && !completes",
    wrong: '(UNRESERVED.test(character) || character === "/") && !completes',
  },
  {
    name: "escapes are decoded twice",
    file: "canonical.ts",
    right: "return removeDotSegments(decodeUnreserved(raw));",
    wrong:
      "return removeDotSegments(decodeUnreserved(decodeUnreserved(raw).replaceAll('%25', '%')));",
  },
  {
    name: "dot segments are resolved before escapes",
    file: "canonical.ts",
    right: "return removeDotSegments(decodeUnreserved(raw));",
    wrong: "return decodeUnreserved(removeDotSegments(raw));",
  },
  {
    name: "shares are off by one",
    file: "reference/share.ts",
    right: "if (end > place / ONE)",
    wrong: "if (end >= place / ONE)",
  },
  {
    name: "one draw chooses backend and endpoint alike",
    file: "reference/share.ts",
    right: "rest: place % ONE",
    wrong: "rest: draw",
  },
  {
    name: "ending endpoints are used beside ready ones",
    file: "reference/endpoint.ts",
    right: 'orElse(inState(tagged, "ready"), inState(tagged, "serving"))',
    wrong: '[...inState(tagged, "ready"), ...inState(tagged, "serving")]',
  },
  {
    name: "the zone is ignored",
    file: "reference/endpoint.ts",
    right: "service.zone !== undefined && one.zone === service.zone",
    wrong: "false",
  },
  {
    name: "add replaces",
    file: "reference/modifier.ts",
    right: "!set.some((own) => isSame(own.name, name))",
    wrong: "![...set, ...(modifier.add ?? [])].some((own) => isSame(own.name, name))",
  },
  {
    name: "the replaced prefix leaves two slashes",
    file: "reference/rewrite.ts",
    right: "withoutTrailingSlash(modifier.replacePrefixMatch) + path.slice(prefix.length)",
    wrong: "modifier.replacePrefixMatch + path.slice(prefix.length)",
  },
  {
    name: "a redirect keeps the port of the listener under a new scheme",
    file: "reference/redirect.ts",
    right:
      "(redirect.scheme === undefined ? undefined : WELL_KNOWN[redirect.scheme]) ?? listener.port",
    wrong: "listener.port",
  },
  {
    name: "a redirect drops the query",
    file: "reference/redirect.ts",
    right: 'received.query === undefined ? "" : `?${received.query}`',
    wrong: '""',
  },
  {
    name: "credentials do not forbid the wildcard",
    file: "reference/cors.ts",
    right: 'includes("*") && cors.allowCredentials !== true',
    wrong: 'includes("*")',
  },
  {
    name: "the method of a call decides before its service",
    file: "reference/precedence.ts",
    right: "return [...wordRank(type, service), ...wordRank(type, method)];",
    wrong: "return [...wordRank(type, method), ...wordRank(type, service)];",
  },
  {
    name: "a longer service pattern comes before a service",
    file: "reference/precedence.ts",
    right: 'return [type === "Exact" ? 2 : 1, characters(word)];',
    wrong: "return [1, characters(word)];",
  },
];
