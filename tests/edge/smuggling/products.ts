/** Every way to announce a length, with every way to announce a coding, with every body. */

const INSIDE = "GET /smuggled HTTP/1.1\r\nHost: inside.example\r\n\r\n";

/** Lines that announce a length, rightly or not. */
const LENGTHS = [
  "",
  "Content-Length: 0\r\n",
  `Content-Length: ${INSIDE.length}\r\n`,
  `Content-Length: ${INSIDE.length}\r\nContent-Length: 0\r\n`,
  `Content-Length: ${INSIDE.length}, ${INSIDE.length}\r\n`,
  `Content-Length: +${INSIDE.length}\r\n`,
  `Content-Length: 0x10\r\n`,
  `Content-Length : 5\r\n`,
  `Content-Length:\t5\r\n`,
  "Content-Length: -1\r\n",
  "Content-Length: 5 5\r\n",
  "Content-Length: 99999999999999999999\r\n",
  "content-length:\r\n 5\r\n",
];

/** Lines that announce a coding, rightly or not. */
const CODINGS = [
  "",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: Chunked\r\n",
  "Transfer-Encoding : chunked\r\n",
  "Transfer-Encoding:\tchunked\r\n",
  "Transfer-Encoding: \vchunked\r\n",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
  "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
  "Transfer-Encoding: chunked, identity\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "Transfer-Encoding: xchunked\r\n",
  "Transfer-Encoding: chunked;a=b\r\n",
  "Transfer_Encoding: chunked\r\n",
  "X: y\nTransfer-Encoding: chunked\r\n",
  "X: y\rTransfer-Encoding: chunked\r\n",
  " Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding:\r\n chunked\r\n",
  "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n",
];

/** What follows the head. */
const BODIES = [
  INSIDE,
  `0\r\n\r\n${INSIDE}`,
  `0\n\n${INSIDE}`,
  `1;ext="\r\n\r\n0"\r\nx\r\n0\r\n\r\n`,
  `1\r\nxx\r\n0\r\n\r\n${INSIDE}`,
  `-1\r\nx\r\n0\r\n\r\n${INSIDE}`,
  `FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n`,
];

/** Bytes for one connection; `outer` is all of it that may be answered. */
export interface Product {
  readonly name: string;
  readonly bytes: string;
  readonly outer: boolean;
}

export function products(): Product[] {
  const made: Product[] = [];
  for (const [length, lengths] of LENGTHS.entries()) {
    for (const [coding, codings] of CODINGS.entries()) {
      for (const [body, bytes] of BODIES.entries()) {
        const head = `POST /outer HTTP/1.1\r\nHost: outer.example\r\n${lengths}${codings}\r\n`;
        // RFC 9112 section 6.3: with a length and without a coding the inner request is a body.
        const outer = lengths.startsWith(`Content-Length: ${INSIDE.length}`) && codings === "";
        const name = `length ${length}, coding ${coding}, body ${body}`;
        made.push({ name, bytes: head + bytes, outer });
      }
    }
  }
  return made;
}
