/** Where a body ends: Transfer-Encoding, Content-Length and chunks, in spellings that readers take differently. */

import type { Draft } from "./payload.ts";
import { shown } from "./payload.ts";

/** Lines that are, or look like, `Transfer-Encoding: chunked`. */
export const transferLines: readonly string[] = [
  "Transfer-Encoding: chunked",
  "Transfer-Encoding : chunked",
  "Transfer-Encoding\t: chunked",
  " Transfer-Encoding: chunked",
  "\tTransfer-Encoding: chunked",
  "Transfer-Encoding:chunked",
  "Transfer-Encoding:\tchunked",
  "Transfer-Encoding:  chunked",
  "Transfer-Encoding: chunked ",
  "Transfer-Encoding: chunked\t",
  "Transfer-Encoding: \x0bchunked",
  "Transfer-Encoding: \x0cchunked",
  "Transfer-Encoding: chunked\x0b",
  "Transfer-Encoding: chunked\0",
  "Transfer-Encoding: \0chunked",
  "Transfer-Encoding: \x7fchunked",
  "Transfer-Encoding: \xa0chunked",
  "Transfer-Encoding: \x85chunked",
  "Transfer-Encoding: \xffchunked",
  "Transfer-Encoding: CHUNKED",
  "Transfer-Encoding: Chunked",
  "TRANSFER-ENCODING: chunked",
  "transfer-encoding: chunked",
  "Transfer_Encoding: chunked",
  "Transfer.Encoding: chunked",
  "Transfer Encoding: chunked",
  "TransferEncoding: chunked",
  "Transfer-Encodin\xc7: chunked",
  "Transfer-Encoding\0: chunked",
  "\0Transfer-Encoding: chunked",
  "Transfer-Encoding\x0b: chunked",
  "Transfer-Encoding;: chunked",
  "Transfer-Encoding: chunked, identity",
  "Transfer-Encoding: identity, chunked",
  "Transfer-Encoding: identity",
  "Transfer-Encoding: chunked, chunked",
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding: chunked, gzip",
  "Transfer-Encoding: ,chunked",
  "Transfer-Encoding: chunked,",
  "Transfer-Encoding: , chunked ,",
  "Transfer-Encoding: chunked;",
  "Transfer-Encoding: chunked; q=1",
  "Transfer-Encoding: chunked;foo",
  'Transfer-Encoding: "chunked"',
  "Transfer-Encoding: 'chunked'",
  "Transfer-Encoding: xchunked",
  "Transfer-Encoding: chunkedx",
  "Transfer-Encoding: chunk",
  "Transfer-Encoding: chunke",
  "Transfer-Encoding: cow",
  "Transfer-Encoding: x, chunked",
  "Transfer-Encoding:",
  "Transfer-Encoding: ",
  "Transfer-Encoding:\r\n chunked",
  "Transfer-Encoding:\r\n\tchunked",
  "Transfer-Encoding:\n chunked",
  "Transfer-Encoding\r\n : chunked",
  "Transfer-Encoding: x\r\n chunked",
  "X: x\nTransfer-Encoding: chunked",
  "X: x\rTransfer-Encoding: chunked",
  "X: x\r\r\nTransfer-Encoding: chunked",
  "X: x\0\nTransfer-Encoding: chunked",
  "X: x\n\rTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
  "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked\r\nTransfer-encoding: cow",
  "Transfer-Encoding:\r\nTransfer-Encoding: chunked",
  "Content-Encoding: chunked",
  "TE: chunked",
  "TE: trailers, chunked",
];

/** Values of Content-Length; `N` stands for the true length. */
export const lengthValues: readonly string[] = [
  "N",
  " N",
  "N ",
  "\tN\t",
  "+N",
  "-N",
  "0N",
  "00000000000000000000000000N",
  "0xN",
  "0oN",
  "0bN",
  "N,N",
  "N, N",
  "N,0",
  "0,N",
  "N;0",
  "N 0",
  "0 N",
  "N.0",
  "N_0",
  "NE0",
  "N\0",
  "\0N",
  "\x0bN",
  "N\x0b",
  "N\x0c",
  "\xa0N",
  "N\xa0",
  '"N"',
  "(N)",
  "[N]",
  "$N",
  "",
  " ",
  "0",
  "-0",
  "+0",
  "-1",
  "NaN",
  "N\r\n N",
  "\r\n N",
  "N\r\nContent-Length: 0",
  "0\r\nContent-Length: N",
  "N\r\nContent-Length: N",
  "N\nContent-Length: 0",
  "18446744073709551616",
  "18446744073709551615",
  "9223372036854775808",
  "4294967296",
  "99999999999999999999999999999999",
  "1e9",
  "\u00b9\u00b2",
];

/** Chunked bodies that readers end in different places, before or behind what is hidden. */
export const chunkedBodies: readonly (readonly [name: string, body: (hidden: string) => string])[] =
  [
    ["last chunk first", (hidden) => `0\r\n\r\n${hidden}`],
    ["last chunk with bare LF", (hidden) => `0\n\n${hidden}`],
    ["last chunk with CR", (hidden) => `0\r\r${hidden}`],
    ["last chunk of zeros", (hidden) => `0000000000000000000000\r\n\r\n${hidden}`],
    ["last chunk with a plus", (hidden) => `+0\r\n\r\n${hidden}`],
    ["last chunk with a minus", (hidden) => `-0\r\n\r\n${hidden}`],
    ["last chunk in hexadecimal", (hidden) => `0x0\r\n\r\n${hidden}`],
    ["last chunk with a space before", (hidden) => ` 0\r\n\r\n${hidden}`],
    ["last chunk with a space behind", (hidden) => `0 \r\n\r\n${hidden}`],
    ["last chunk with a tab behind", (hidden) => `0\t\r\n\r\n${hidden}`],
    ["last chunk with NUL", (hidden) => `0\0\r\n\r\n${hidden}`],
    ["empty line before the last chunk", (hidden) => `\r\n0\r\n\r\n${hidden}`],
    ["no size", (hidden) => `\r\n\r\n${hidden}`],
    ["a size that is no number", (hidden) => `g\r\n\r\n${hidden}`],
    ["a size with an underscore", (hidden) => `0_0\r\n\r\n${hidden}`],
    ["size beyond 64 bits", (hidden) => `10000000000000000\r\n\r\n${hidden}`],
    ["size at the end of 64 bits", (hidden) => `ffffffffffffffff\r\n\r\n${hidden}`],
    ["size beyond 32 bits", (hidden) => `100000000\r\n\r\n${hidden}`],
    ["extension", (hidden) => `0;a=b\r\n\r\n${hidden}`],
    ["extension with LF", (hidden) => `0;a\nb\r\n\r\n${hidden}`],
    ["extension with CR", (hidden) => `0;a\rb\r\n\r\n${hidden}`],
    ["extension in quotation marks with a line end", (hidden) => `0;a="\r\n"\r\n\r\n${hidden}`],
    ["extension with a chunk in it", (hidden) => `2;\n00\r\nxx\r\n0\r\n\r\n${hidden}`],
    ["long extension", (hidden) => `0;${"a".repeat(20_000)}\r\n\r\n${hidden}`],
    ["chunk without its line end", (hidden) => `3\r\nabc0\r\n\r\n${hidden}`],
    ["chunk with another line end", (hidden) => `3\r\nabc\n0\r\n\r\n${hidden}`],
    ["chunk with two other bytes", (hidden) => `3\r\nabcXX0\r\n\r\n${hidden}`],
    ["chunk too short", (hidden) => `2\r\nabc\r\n0\r\n\r\n${hidden}`],
    ["chunk too long", (hidden) => `5\r\nabc\r\n0\r\n\r\n${hidden}`],
    ["hidden in a trailer", (hidden) => `0\r\nX: 1\r\n${hidden}`],
    ["length in a trailer", (hidden) => `0\r\nContent-Length: 5\r\n\r\n${hidden}`],
    ["host in a trailer", (hidden) => `0\r\nHost: b.example\r\n\r\n${hidden}`],
    ["trailer with a bare LF", (hidden) => `0\r\nX: 1\n\r\n${hidden}`],
    ["trailer without a colon", (hidden) => `0\r\nX\r\n\r\n${hidden}`],
    ["no line behind the last chunk", (hidden) => `0\r\n${hidden}`],
    ["capital size", (hidden) => `A\r\n0123456789\r\n0\r\n\r\n${hidden}`],
    ["many empty chunks", (hidden) => `${"1\r\na\r\n".repeat(500)}0\r\n\r\n${hidden}`],
  ];

const lengthOf = (hidden: string): string => `Content-Length: ${hidden.length + 5}`;
const ended = (hidden: string): string => `0\r\n\r\n${hidden}`;
const wrapped = (hidden: string): string =>
  `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;

/** A length that a placeholder in a line stands for is known only with the body. */
function withLength(
  name: string,
  lines: (hidden: string) => string[],
  body: (hidden: string) => string,
): Draft {
  const sample = "x".repeat(70);
  return { name, family: "transfer", lines: lines(sample), body };
}

/** Every spelling of Transfer-Encoding beside a length, on either side of it and alone. */
export function transferDrafts(): Draft[] {
  return transferLines.flatMap((line) => [
    withLength(`length, then ${shown(line)}`, (hidden) => [lengthOf(hidden), line], ended),
    withLength(`${shown(line)}, then length`, (hidden) => [line, lengthOf(hidden)], ended),
    withLength(`${shown(line)}, then a short length`, () => [line, "Content-Length: 4"], wrapped),
    withLength(`${shown(line)} alone`, () => [line], ended),
    {
      ...withLength(`HTTP/1.0 with ${shown(line)}`, () => [line, "Connection: keep-alive"], ended),
      line: "POST /seen HTTP/1.0",
    },
  ]);
}

/** Every spelling of Content-Length, with a body that is hidden when the length is not believed. */
export function lengthDrafts(): Draft[] {
  const drafts = lengthValues.flatMap((value) =>
    ["Content-Length: ", "Content-Length : ", "content-length:", "Content_Length: "].map(
      (name): Draft => ({
        name: `${shown(name + value)}`,
        family: "length",
        lines: [name + value.replaceAll("N", "76")],
        body: (hidden) => hidden,
      }),
    ),
  );
  const methods = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "PUT"].map((method): Draft => ({
    name: `${method} with a body`,
    family: "length",
    line: `${method} /seen HTTP/1.1`,
    lines: ["Content-Length: 76"],
    body: (hidden) => hidden,
  }));
  return [...drafts, ...methods];
}

/** Every body of chunks. */
export function chunkDrafts(): Draft[] {
  return chunkedBodies.flatMap(([name, body]): Draft[] => [
    { name, family: "chunk", lines: ["Transfer-Encoding: chunked"], body },
    {
      name: `${name}, GET`,
      family: "chunk",
      line: "GET /seen HTTP/1.1",
      lines: ["Transfer-Encoding: chunked"],
      body,
    },
  ]);
}
