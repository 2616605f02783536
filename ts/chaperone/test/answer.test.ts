import { expect, test } from "vitest";
import { readReloadAnswer } from "../src/apply/answer.js";

const answer = {
  ok: true,
  routes: {
    generation: 42,
    sha256: "ab",
    count: 3,
    quarantined: [{ route: "HTTPRoute/a/b", code: "GH0107", message: "no" }],
  },
  endpoints: { generation: null, sha256: "cd", count: 4 },
  changed: ["routes"],
  diagnostics: [
    { file: "ghost.json", line: 1, column: 2, code: "GH0107", message: "no" },
    { message: "cooling" },
  ],
  tookMs: 3.1,
};

test("an answer as the contract has it", () => {
  expect(readReloadAnswer(JSON.stringify(answer))).toEqual({
    ok: true,
    routes: answer.routes,
    endpoints: answer.endpoints,
    changed: ["routes"],
    findings: ["ghost.json:1:2: GH0107 no", "cooling"],
    tookMs: 3.1,
  });
});

test.each([
  ["an error page", "<html>503</html>"],
  ["nothing", ""],
  ["null", "null"],
  ["no verdict", JSON.stringify({ ...answer, ok: "yes" })],
  ["no checksum", JSON.stringify({ ...answer, routes: { generation: 1, count: 1 } })],
  ["no endpoints", JSON.stringify({ ...answer, endpoints: undefined })],
])("%s is no answer", (_name, body) => {
  expect(readReloadAnswer(body)).toBeUndefined();
});
