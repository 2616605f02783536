/** Where a request goes and how its head is read: request lines, hosts, Connection, Expect, Upgrade and bytes that end lines. */

import type { Draft } from "./payload.ts";
import { host, shown } from "./payload.ts";

const behind = (hidden: string): string => hidden;

/** Request lines that readers cut in different places. */
const requestLines: readonly string[] = [
  "GET  /seen HTTP/1.1",
  "GET /seen  HTTP/1.1",
  "GET\t/seen\tHTTP/1.1",
  "GET /seen HTTP/1.1 ",
  " GET /seen HTTP/1.1",
  "\r\nGET /seen HTTP/1.1",
  "\nGET /seen HTTP/1.1",
  "GET /seen",
  "GET /seen HTTP/0.9",
  "GET /seen HTTP/1.2",
  "GET /seen HTTP/2.0",
  "GET /seen HTTP/1.10",
  "GET /seen HTTP/01.1",
  "GET /seen http/1.1",
  "GET /seen HTTP/1,1",
  "GET /seen HTTP /1.1",
  "GET /seen HTTP/1.1\0",
  "GET /seen\0 HTTP/1.1",
  "GET /se en HTTP/1.1",
  "GET /seen#x HTTP/1.1",
  "GET /seen?a b HTTP/1.1",
  "GET /seen\x0bHTTP/1.1",
  "GET /seen\x7f HTTP/1.1",
  "GET /seen\xff HTTP/1.1",
  "GET seen HTTP/1.1",
  "GET //b.example/seen HTTP/1.1",
  "GET \\seen HTTP/1.1",
  "GET /seen/../../hidden HTTP/1.1",
  "GET /seen/%2e%2e/hidden HTTP/1.1",
  "GET /seen%00/hidden HTTP/1.1",
  "GET /seen%0d%0aX:%20y HTTP/1.1",
  "GET * HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  `CONNECT ${host}:80 HTTP/1.1`,
  "CONNECT /seen HTTP/1.1",
  "G\0T /seen HTTP/1.1",
  "GE\tT /seen HTTP/1.1",
  "GET: /seen HTTP/1.1",
  "get /seen HTTP/1.1",
  "PRI * HTTP/2.0",
  `GET http://${host}/seen HTTP/1.1`,
  "GET http://b.example/seen HTTP/1.1",
  "GET http://b.example HTTP/1.1",
  "GET http://b.example?seen HTTP/1.1",
  `GET http://${host}@b.example/seen HTTP/1.1`,
  `GET http://b.example@${host}/seen HTTP/1.1`,
  `GET https://${host}/seen HTTP/1.1`,
  `GET ftp://${host}/seen HTTP/1.1`,
  `GET http:/${host}/seen HTTP/1.1`,
  `GET http:///${host}/seen HTTP/1.1`,
  `GET HTTP://${host.toUpperCase()}/seen HTTP/1.1`,
  `GET http://${host}:80:80/seen HTTP/1.1`,
  "GET http:// /seen HTTP/1.1",
  `GET ws://${host}/seen HTTP/1.1`,
];

/** Host lines that name two hosts, or none. */
const hostLines: readonly (readonly string[])[] = [
  [],
  ["Host:"],
  ["Host: "],
  [`Host: ${host}`, `Host: ${host}`],
  [`Host: ${host}`, "Host: b.example"],
  ["Host: b.example", `Host: ${host}`],
  [`Host: ${host}`, "host: b.example"],
  [`Host: ${host}`, "Host : b.example"],
  [`Host: ${host}`, " Host: b.example"],
  [`Host: ${host}`, "Host\t: b.example"],
  [`Host: ${host}`, "Host\0: b.example"],
  [`Host: ${host}`, "X-Host: b.example"],
  [`Host: ${host}, b.example`],
  [`Host: ${host} b.example`],
  [`Host: ${host}\tb.example`],
  [`Host: ${host}\r\n b.example`],
  [`Host:\r\n ${host}`],
  [`Host: ${host}\0b.example`],
  [`Host: ${host}\x0b`],
  [`Host: ${host}\xa0`],
  [`Host: user@${host}`],
  [`Host: b.example@${host}`],
  [`Host: ${host}@b.example`],
  [`Host: ${host}/`],
  [`Host: ${host}/b.example`],
  [`Host: ${host}?b.example`],
  [`Host: ${host}#b.example`],
  [`Host: http://${host}`],
  [`Host: ${host}:`],
  [`Host: ${host}:80`],
  [`Host: ${host}:080`],
  [`Host: ${host}:0`],
  [`Host: ${host}:99999`],
  [`Host: ${host}:80:443`],
  [`Host: ${host}:+80`],
  [`Host: ${host}:8 0`],
  [`Host: ${host}.`],
  [`Host: ${host}..`],
  [`Host: .${host}`],
  [`Host: ${host.toUpperCase()}`],
  ["Host: [::1]"],
  ["Host: [::1"],
  ["Host: ::1"],
  ["Host: [::1]b.example"],
  ["Host: [::1%25eth0]"],
  ["Host: 127.1"],
  ["Host: 0x7f.1"],
  ["Host: 2130706433"],
  ["Host: *"],
  ["Host: *.example"],
  ["Host: %61.example"],
  ["Host: a_.example"],
  ["Host: \u00e9.example"],
  [`Host: ${"a".repeat(300)}`],
  ["\0Host: a.example"],
  ["Host : a.example"],
  [" Host: a.example"],
  ["Host a.example"],
  ["Hos\xb7t: a.example"],
];

const namedByConnection: readonly string[] = [
  "Host",
  "Content-Length",
  "Transfer-Encoding",
  "X-Forwarded-For",
  "X-Forwarded-Proto",
  "Forwarded",
  "Cookie",
  "Authorization",
  "Connection",
  "TE",
  "Upgrade",
  "close, Content-Length",
  "keep-alive, Transfer-Encoding",
  "Content-Length, close",
  "content-length",
  " Content-Length ",
  ",Content-Length",
  "Content-Length;x",
  "X-Hidden",
  "close, keep-alive",
  "\0",
  "a b",
];

/** Bytes that end a line, a name or a value somewhere. */
const controls = [
  "\0",
  "\x01",
  "\b",
  "\t",
  "\n",
  "\x0b",
  "\x0c",
  "\r",
  "\x1b",
  " ",
  "\x7f",
  "\x85",
  "\xa0",
  "\xff",
  "\r\n ",
];

const names = ["Content-Length", "Transfer-Encoding", "Host", "Connection", "X-Any"];

const expectations = [
  "100-continue",
  "100-Continue",
  "100-continue, x",
  "x",
  "",
  "200-ok",
  " 100-continue ",
  "100-continue\0",
  "100 continue",
];

const upgrades: readonly (readonly string[])[] = [
  ["Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"],
  [
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
  ],
  ["Connection: Upgrade", "Upgrade: websocket"],
  ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
  [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: x",
    "Sec-WebSocket-Version: 13",
  ],
  [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 777",
  ],
  [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "Content-Length: 76",
  ],
  [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "Transfer-Encoding: chunked",
  ],
  [
    "Connection: Upgrade",
    "Upgrade: websocket, h2c",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ],
  [
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ],
  ["Connection: Upgrade", "Upgrade: TLS/1.0"],
  ["Connection: Upgrade", "Upgrade: HTTP/2.0"],
  ["Connection: Upgrade"],
];

function targetDrafts(): Draft[] {
  return requestLines.flatMap((line): Draft[] => [
    { name: shown(line), family: "target", line, lines: [], body: behind },
    {
      name: `${shown(line)}, without Host`,
      family: "target",
      line,
      lines: [],
      body: behind,
      bare: true,
    },
  ]);
}

function hostDrafts(): Draft[] {
  return hostLines.flatMap((lines): Draft[] =>
    ["HTTP/1.1", "HTTP/1.0"].map((version) => ({
      name: `${version}: ${shown(lines.join(" | "))}`,
      family: "host",
      line: `GET /seen ${version}`,
      lines,
      body: behind,
      bare: true,
    })),
  );
}

function connectionDrafts(): Draft[] {
  return namedByConnection.flatMap((named): Draft[] =>
    [["Content-Length: 76"], ["Transfer-Encoding: chunked"], []].map((framing) => ({
      name: `Connection: ${shown(named)}, ${framing[0] ?? "no body"}`,
      family: "connection",
      lines: [`Connection: ${named}`, ...framing],
      body: (hidden) => (framing[0]?.startsWith("T") === true ? `0\r\n\r\n${hidden}` : hidden),
    })),
  );
}

function controlDrafts(): Draft[] {
  return names.flatMap((name) =>
    controls.flatMap((control): Draft[] => {
      const value =
        name === "Content-Length" ? "76" : name === "Transfer-Encoding" ? "chunked" : "x";
      const draft = (where: string, line: string): Draft => ({
        name: `${shown(control)} ${where} ${name}`,
        family: "control",
        lines: [line],
        body: (hidden) => (name === "Transfer-Encoding" ? `0\r\n\r\n${hidden}` : hidden),
      });
      return [
        draft("before", `${control}${name}: ${value}`),
        draft("in the name of", `${name}${control}: ${value}`),
        draft("before the value of", `${name}: ${control}${value}`),
        draft("behind the value of", `${name}: ${value}${control}`),
      ];
    }),
  );
}

function lineDrafts(): Draft[] {
  const ends = ["\n", "\r", "\r\r\n", "\n\r", "\r\n\0", "\x85", "\r\n\r"];
  return ends.flatMap((end): Draft[] => [
    {
      name: `lines end in ${shown(end)}`,
      family: "line",
      lines: ["Content-Length: 76"],
      body: behind,
      end,
    },
    {
      name: `chunked, lines end in ${shown(end)}`,
      family: "line",
      lines: ["Transfer-Encoding: chunked"],
      body: (hidden) => `0\r\n\r\n${hidden}`,
      end,
    },
    {
      name: `a line ends in ${shown(end)}`,
      family: "line",
      lines: [`X: y${end}Content-Length: 76`],
      body: behind,
    },
    {
      name: `the head ends in ${shown(end)}`,
      family: "line",
      lines: [`Content-Length: 0${end}${end}`],
      body: behind,
    },
  ]);
}

function expectDrafts(): Draft[] {
  return expectations.flatMap((value): Draft[] =>
    [["Content-Length: 76"], ["Transfer-Encoding: chunked"], ["Content-Length: 0"]].map(
      (framing) => ({
        name: `Expect: ${shown(value)}, ${framing[0] ?? ""}`,
        family: "expect",
        lines: [`Expect: ${value}`, ...framing],
        body: (hidden) => (framing[0]?.startsWith("T") === true ? `0\r\n\r\n${hidden}` : hidden),
      }),
    ),
  );
}

function upgradeDrafts(): Draft[] {
  return upgrades.flatMap((lines): Draft[] =>
    ["GET", "POST"].map((method) => ({
      name: `${method} ${shown(lines.join(" | "))}`,
      family: "upgrade",
      line: `${method} /seen HTTP/1.1`,
      lines,
      body: behind,
    })),
  );
}

/** Every draft of a head. */
export function headDrafts(): Draft[] {
  return [
    ...targetDrafts(),
    ...hostDrafts(),
    ...connectionDrafts(),
    ...controlDrafts(),
    ...lineDrafts(),
    ...expectDrafts(),
    ...upgradeDrafts(),
  ];
}
