/** curl commands as people paste them. */

import { describe, expect, test } from "vitest";
import { parseCurl, splitWords } from "../src/curl.js";

test.each([
  ["curl http://a/", "GET", "http://a/", []],
  ["curl -XPUT a.example/x", "PUT", "a.example/x", []],
  [
    "/usr/bin/curl -sSLk --max-time 5 -o /dev/null 'http://a/?x=1&y=2'",
    "GET",
    "http://a/?x=1&y=2",
    [],
  ],
  [
    "curl 'http://a/' \\\n  -H 'Accept: */*' \\\n  --compressed",
    "GET",
    "http://a/",
    ["Accept: */*", "accept-encoding: gzip, deflate, br, zstd"],
  ],
  ["curl -I http://a/", "HEAD", "http://a/", []],
  ["curl -d a=b --data-raw 'c=d' http://a/", "POST", "http://a/", []],
  ["curl -G -d a=b -d c=d http://a/?x", "GET", "http://a/?x&a=b&c=d", []],
  [
    "curl --json '{}' http://a/",
    "POST",
    "http://a/",
    ["content-type: application/json", "accept: application/json"],
  ],
  ["curl -T file http://a/", "PUT", "http://a/", []],
  [
    "curl -u me:secret -A agent -b 'c=d' -e http://r/ --url http://a/",
    "GET",
    "http://a/",
    ["authorization: Basic bWU6c2VjcmV0", "user-agent: agent", "cookie: c=d", "referer: http://r/"],
  ],
  ["curl --request=PATCH http://a/ -H $'x: it\\'s \\u00e9'", "PATCH", "http://a/", ["x: it's é"]],
  ["curl -H 'x;' -H 'gone:' http://a/", "GET", "http://a/", ["x:"]],
])("%s", (command, method, url, headers) => {
  expect(parseCurl(command)).toEqual({ method, url, headers });
});

describe("what curl would not take either", () => {
  test.each(["", "wget http://a/", "curl", "curl -H", "curl 'http://a/"])("%j", (command) => {
    expect(() => parseCurl(command)).toThrow(/--curl/);
  });
});

test("words are split as a shell splits them", () => {
  expect(splitWords(`a 'b c' "d \\"e\\" $x" f\\ g ''  "h"'i'`)).toEqual([
    "a",
    "b c",
    'd "e" $x',
    "f g",
    "",
    "hi",
  ]);
});
