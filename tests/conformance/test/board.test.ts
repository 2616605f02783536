import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boardPage, makeBoard, readOutput, readReport, type SuiteList } from "../src/index.ts";

const read = (file: string) => readFileSync(new URL(`testdata/${file}`, import.meta.url), "utf8");
const output = read("finished.txt");
const report = read("finished.yaml");
const list: SuiteList = {
  profiles: [
    { name: "GATEWAY-HTTP", core: ["Gateway", "HTTPRoute"], extended: ["HTTPRouteCORS"] },
    { name: "GATEWAY-TLS", core: ["Gateway", "TLSRoute"], extended: [] },
  ],
  tests: [
    { name: "HTTPRouteWeight", features: ["Gateway", "HTTPRoute"] },
    { name: "HTTPRouteMatching", features: ["Gateway", "HTTPRoute"] },
    { name: "HTTPRouteSimpleSameNamespace", features: ["Gateway", "HTTPRoute"] },
    { name: "HTTPRouteCORS", features: ["Gateway", "HTTPRoute", "HTTPRouteCORS"] },
    { name: "HTTPRouteDisallowedKind", features: ["Gateway", "HTTPRoute", "TLSRoute"] },
    { name: "GatewayObservedGenerationBump", features: ["Gateway"] },
    { name: "MeshBasic", features: ["Mesh"] },
  ],
};

describe("the suite's output", () => {
  test("tells the outcome of every test and why", () => {
    const { tests, setup } = readOutput(output);
    expect(setup).toBeUndefined();
    expect(Object.fromEntries(tests)).toEqual({
      HTTPRouteCORS: { outcome: "skipped", reason: "suite does not support HTTPRouteCORS" },
      HTTPRouteSimpleSameNamespace: { outcome: "passed", reason: "" },
      HTTPRouteMatching: {
        outcome: "failed",
        reason:
          "1_request_to_'/v2'_should_go_to_infra-backend-v2: timeout while waiting after (several) attempts, " +
          "0/3 successes: Request {HTTP /v2} failed, not ready yet: expected status code to be one of [200], got 404 " +
          "(after (duration))",
      },
      HTTPRouteWeight: {
        outcome: "failed",
        reason: "weighted requests: weight of infra-backend-v1 | is off",
      },
    });
  });

  test("tells why it stopped before its tests", () => {
    const { tests, setup } = readOutput(read("stopped.txt"));
    expect(tests.size).toBe(0);
    expect(setup).toMatch(
      /^error waiting for .* namespaces to be ready: context deadline exceeded$/,
    );
  });
});

describe("the board", () => {
  const board = makeBoard(list, readReport(report), readOutput(output));

  test("has every test of gateways, sorted, with the profiles that count it", () => {
    expect(board.tests.map(({ test: name, outcome }) => `${name} ${outcome}`)).toEqual([
      "GatewayObservedGenerationBump notRun",
      "HTTPRouteCORS skipped",
      "HTTPRouteDisallowedKind notRun",
      "HTTPRouteMatching failed",
      "HTTPRouteSimpleSameNamespace passed",
      "HTTPRouteWeight failed",
    ]);
    const profiles = Object.fromEntries(board.tests.map((one) => [one.test, one.profiles]));
    expect(profiles).toMatchObject({
      GatewayObservedGenerationBump: { "GATEWAY-HTTP": "core", "GATEWAY-TLS": "core" },
      HTTPRouteCORS: { "GATEWAY-HTTP": "extended" },
    });
    expect(profiles["HTTPRouteDisallowedKind"]).toEqual({});
  });

  test("counts by profile and level", () => {
    expect(board.profiles).toEqual([
      {
        name: "GATEWAY-HTTP",
        core: { passed: 1, failed: 2, skipped: 0, notRun: 1 },
        extended: { passed: 0, failed: 0, skipped: 1, notRun: 0 },
      },
      {
        name: "GATEWAY-TLS",
        core: { passed: 0, failed: 0, skipped: 0, notRun: 1 },
        extended: { passed: 0, failed: 0, skipped: 0, notRun: 0 },
      },
    ]);
  });

  test("is refused when report and output differ", () => {
    const other = readReport(report.replace("HTTPRouteMatching, ", ""));
    expect(() => makeBoard(list, other, readOutput(output))).toThrow("the report says");
  });

  test("is a page whose cells stay cells", () => {
    const page = boardPage(board);
    expect(page).toContain("| GATEWAY-HTTP | 1/4 | 0/1 | 2 | 1 | 1 |");
    expect(page).toContain(String.raw`weight of infra-backend-v1 \| is off |`);
  });

  test("needs a report", () => {
    expect(() => readReport("kind: Something")).toThrow("no ConformanceReport");
  });
});
