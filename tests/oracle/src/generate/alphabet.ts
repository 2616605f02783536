/** The few words that tables and requests are made of: few, so that they meet often. */

/** GRPCRoutes live on hosts of their own: a host shared with HTTPRoutes is refused before it comes to routing. */
export const GRPC_HOSTS: readonly string[] = [
  "grpc.proto",
  "x.grpc.proto",
  "*.proto",
  "*.grpc.proto",
];

/** Elements of paths that stand among the common ones now and then. */
export const RARE_ELEMENTS: readonly string[] = [
  "A",
  "a.b",
  "~",
  "a;b",
  "a=1",
  "%C3%A9",
  "%25",
  "a+b",
  ":x",
  "...",
  "..a",
  "a%20b",
  "@",
  "%61",
  "%7e",
];

/** What requests have beyond that: escapes to decode, data that looks like a separator, dot segments. */
export const REQUEST_ELEMENTS: readonly string[] = [
  "%61",
  "%41",
  "%7E",
  "%2E",
  "a%2Fb",
  "a%2fb",
  "a%5Cb",
  "%2e%2e",
  ".%2E",
  ".",
  "..",
  "",
  "%c3%a9",
  "é",
  "%2561",
  "%%361",
  "%6%31",
  "%6%2e",
  "%zz",
  "%",
  "%6",
  "%00",
  "a\\b",
];

/** Patterns that mean the same in Ghost's and in JavaScript's regular expressions; many of equal length. */
export const PATH_PATTERNS: readonly string[] = [
  "/a/.*",
  "/b/.*",
  "/a.*",
  "/.*/b",
  "/[ab]+",
  "/a(/b)*",
  "/a|/b",
  "/(a|b)/.*",
  "/(a|ab)",
  ".*",
  "/.*",
  "/a/[^/]+",
  "/a/?",
  "/ab?",
  "/[a-z]+/[a-z0-9]*",
  "/a{1,2}b?",
  "a",
  "/a\\.b.*",
  "^/a/b$",
  "/a/b",
  ".*\\.b",
  "/.*%25.*",
  "(/[^/]*)+",
];

export const METHODS: readonly string[] = ["GET", "POST", "OPTIONS", "PUT", "HEAD"];
export const REQUEST_METHODS: readonly string[] = [...METHODS, "get", "DELETE", "PURGE"];

export const HEADER_VALUES: readonly string[] = ["1", "2", "12", "1,2", "a b", "A"];
export const HEADER_PATTERNS: readonly string[] = [
  "1|2",
  "[0-9]+",
  "1.*",
  ".*",
  ".*2",
  "(1|2)(,[12])*",
  "a",
];

export const QUERY_NAMES: readonly string[] = ["q", "r", "Q", "q-1"];
export const QUERY_VALUES: readonly string[] = ["1", "2", "a b", "a b", "a+b", "é", "1&2", "="];
export const QUERY_PATTERNS: readonly string[] = ["1|2", "[0-9]+", ".*", ".+", "a.b", "1.*"];

export const GRPC_SERVICES: readonly string[] = ["p.A", "p.B", "p.AB", "q.A"];
export const GRPC_METHODS: readonly string[] = ["Get", "Put", "GetAll"];
export const GRPC_SERVICE_PATTERNS: readonly string[] = [
  "p\\..*",
  "p\\.A|p\\.B",
  ".*\\.A",
  "[pq].A",
];
export const GRPC_METHOD_PATTERNS: readonly string[] = ["Get.*", "Get|Put", ".*", "G.*l"];

/** Instants, some of them the same in other words. */
export const TIMES: readonly string[] = [
  "2026-01-01T00:00:00Z",
  "2026-01-01T01:00:00+01:00",
  "2025-12-31T23:59:59Z",
  "2026-01-01T00:00:00.5Z",
  "2026-03-01T12:00:00Z",
];

/** Names whose order by "namespace/name" differs from the order by namespace, then name. */
export const ROUTE_NAMES: readonly string[] = ["a", "a-b", "a.b", "A"].flatMap((namespace) =>
  ["a", "b", "B", "r", "r-1", "r1", "x.y", "z", "0", "r10", "r9", "aa", "q", "q-1", "q1", "Q"].map(
    (name) => `${namespace}/${name}`,
  ),
);

export const ORIGINS: readonly string[] = [
  "https://a.example",
  "https://a.example:443",
  "http://a.example:8080",
  "https://x.a.example",
  "https://other.test",
];
export const ORIGIN_PATTERNS: readonly string[] = [
  "https://a.example",
  "https://*.example",
  "https://a.example:443",
  "http://a.example:8080",
  "https://*.a.example",
  "*",
];

/** Services of every table, and one that none has. */
export const SERVICES: readonly string[] = ["s/a:80", "s/b:80", "s/c:80", "s/d:80"];
export const ABSENT_SERVICE = "s/absent:80";
