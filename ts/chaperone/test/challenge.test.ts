import { expect, test } from "vitest";
import { answerChallenge } from "../src/admin/challenge.js";

test("the example of the Varnish documentation", () => {
  const answer = answerChallenge(
    "ixslvvxrgkjptxmcgnnsdxsvdmvfympg\n\nAuthentication required.\n",
    Buffer.from("foo\n"),
  );
  expect(answer).toBe("455ce847f0073c7ab3b1465f74507b75d3dc064c1e7de3b71e00de9092fdc89a");
});

test("a challenge of another length is no engine's", () => {
  expect(() => answerChallenge("short\n", Buffer.from("foo"))).toThrow(
    expect.objectContaining({ reason: "authentication" }),
  );
});
