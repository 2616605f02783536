/** Heads of HTTP/2 that become something else when they are written as HTTP/1. */

import type { StreamPayload } from "./payload.ts";
import { hiddenRequest, host, shown } from "./payload.ts";

type Line = readonly [name: string, value: string];

const breaks = ["\r\n", "\n", "\r", "\0", "\r\n\r\n", "\x85"];

const pseudo = (method: string, path: string, authority: string): Line[] => [
  [":method", method],
  [":scheme", "https"],
  [":authority", authority],
  [":path", path],
];

function broken(end: string): (readonly [name: string, lines: Line[]])[] {
  const smuggled = `${end}Transfer-Encoding: chunked${end}X: `;
  return [
    [`${shown(end)} in a value`, [...pseudo("POST", "/seen", host), ["x-any", `a${smuggled}`]]],
    [`${shown(end)} in a name`, [...pseudo("POST", "/seen", host), [`x-any: a${smuggled}`, "b"]]],
    [`${shown(end)} in :path`, pseudo("POST", `/seen HTTP/1.1${smuggled}`, host)],
    [`${shown(end)} in :method`, pseudo(`GET / HTTP/1.1${smuggled}`, "/seen", host)],
    [`${shown(end)} in :authority`, pseudo("POST", "/seen", `${host}${smuggled}`)],
    [`${shown(end)} in a cookie`, [...pseudo("POST", "/seen", host), ["cookie", `a=1${smuggled}`]]],
    [
      `${shown(end)} at the end of a value`,
      [...pseudo("POST", "/seen", host), ["x-any", `a${end}`]],
    ],
    [
      `${shown(end)} at the beginning of a value`,
      [...pseudo("POST", "/seen", host), ["x-any", `${end}a`]],
    ],
  ];
}

const extra: readonly (readonly [name: string, lines: Line[]])[] = [
  ["transfer-encoding", [["transfer-encoding", "chunked"]]],
  ["Transfer-Encoding in capitals", [["Transfer-Encoding", "chunked"]]],
  ["transfer-encoding identity", [["transfer-encoding", "identity"]]],
  ["connection close", [["connection", "close"]]],
  ["connection names content-length", [["connection", "content-length"]]],
  ["keep-alive", [["keep-alive", "timeout=5"]]],
  ["proxy-connection", [["proxy-connection", "keep-alive"]]],
  ["upgrade", [["upgrade", "h2c"]]],
  ["te gzip", [["te", "gzip"]]],
  ["te trailers", [["te", "trailers"]]],
  ["content-length too short", [["content-length", "1"]]],
  ["content-length too long", [["content-length", "9999"]]],
  ["content-length zero", [["content-length", "0"]]],
  [
    "content-length twice",
    [
      ["content-length", "1"],
      ["content-length", "76"],
    ],
  ],
  ["content-length with a plus", [["content-length", "+76"]]],
  ["content-length as a list", [["content-length", "76, 76"]]],
  ["content-length with a space", [["content-length", " 76"]]],
  ["another host line", [["host", "b.example"]]],
  ["the same host line", [["host", host]]],
  [
    "two host lines",
    [
      ["host", host],
      ["host", "b.example"],
    ],
  ],
  [":authority twice", [[":authority", "b.example"]]],
  [":path twice", [[":path", "/hidden"]]],
  [":method twice", [[":method", "GET"]]],
  ["an unknown pseudo header", [[":any", "1"]]],
  [":status in a request", [[":status", "200"]]],
  ["a name in capitals", [["X-Any", "1"]]],
  ["a name with a space", [["x any", "1"]]],
  ["a name with a colon", [["x:any", "1"]]],
  ["an empty name", [["", "1"]]],
  ["a value with a space before", [["x-any", " 1"]]],
  ["a value with a tab behind", [["x-any", "1\t"]]],
  ["expect", [["expect", "100-continue"]]],
  [
    "two cookies",
    [
      ["cookie", "a=1"],
      ["cookie", "b=2"],
    ],
  ],
  ["x-forwarded-for of a stranger", [["x-forwarded-for", "127.0.0.1"]]],
  ["a header of Ghost's own", [["x-ghost-route", "hidden"]]],
  ["trailer", [["trailer", "content-length"]]],
];

const heads: readonly (readonly [name: string, lines: Line[]])[] = [
  [
    "no :authority",
    [
      [":method", "POST"],
      [":scheme", "https"],
      [":path", "/seen"],
    ],
  ],
  [
    "no :path",
    [
      [":method", "POST"],
      [":scheme", "https"],
      [":authority", host],
    ],
  ],
  [
    "no :method",
    [
      [":scheme", "https"],
      [":authority", host],
      [":path", "/seen"],
    ],
  ],
  [
    "no :scheme",
    [
      [":method", "POST"],
      [":authority", host],
      [":path", "/seen"],
    ],
  ],
  ["an empty :path", pseudo("POST", "", host)],
  ["a :path without slash", pseudo("POST", "seen", host)],
  ["an absolute :path", pseudo("POST", "http://b.example/seen", host)],
  ["a :path with a space", pseudo("POST", "/se en", host)],
  ["a :path with a fragment", pseudo("POST", "/seen#x", host)],
  ["an asterisk", pseudo("POST", "*", host)],
  ["an empty :authority", pseudo("POST", "/seen", "")],
  ["user information", pseudo("POST", "/seen", `b.example@${host}`)],
  ["an :authority with a path", pseudo("POST", "/seen", `${host}/b`)],
  ["an :authority with a space", pseudo("POST", "/seen", `${host} b`)],
  ["a :method with a space", pseudo("GET /hidden HTTP/1.1", "/seen", host)],
  ["CONNECT with a path", pseudo("CONNECT", "/seen", host)],
  ["a pseudo header behind others", [["x-any", "1"], ...pseudo("POST", "/seen", host)]],
  [
    "another :scheme",
    [
      [":method", "POST"],
      [":scheme", "ftp"],
      [":authority", host],
      [":path", "/seen"],
    ],
  ],
];

/** Every head, each with a body in which a request is hidden. */
export function streamPayloads(): StreamPayload[] {
  const drafts = [
    ...breaks.flatMap(broken),
    ...extra.flatMap(([name, lines]) =>
      ["POST", "GET"].map(
        (method) => [`${name}, ${method}`, [...pseudo(method, "/seen", host), ...lines]] as const,
      ),
    ),
    ...heads,
  ];
  return drafts.map(([name, headers], index) => {
    const hidden = `/hidden/h2/${index}`;
    const body = Buffer.from(`0\r\n\r\n${hiddenRequest(hidden)}`, "latin1");
    return { name, family: "http2", headers, body, hidden };
  });
}
