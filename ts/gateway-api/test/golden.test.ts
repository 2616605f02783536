/** Every golden pair. `UPDATE_GOLDEN=1` rewrites the outputs; without it a stale, missing or orphaned one fails. */

import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diagnosticCodes } from "../src/index.js";
import { names, outputFile, readCase, renderCase, testdata } from "./cases.js";

const isUpdating = process.env["UPDATE_GOLDEN"] === "1";
const cases = names(".in.yaml").map(readCase);

describe("golden pairs", () => {
  test.each(cases)("$name", (golden) => {
    const output = renderCase(golden);
    const file = outputFile(golden.name);
    if (isUpdating) writeFileSync(file, output);
    expect(existsSync(file), `${file} is missing; write it with UPDATE_GOLDEN=1`).toBe(true);
    expect(output).toBe(readFileSync(file, "utf8"));
  });

  test("there are at least 30, and each begins with its claim", () => {
    expect(cases.length).toBeGreaterThanOrEqual(30);
    expect(cases.filter(({ claim }) => claim.length < 20).map(({ name }) => name)).toEqual([]);
  });

  test("every output has its input", () => {
    expect(names(".out.yaml")).toEqual(names(".in.yaml"));
  });

  test("every diagnostic code has a failing sample", () => {
    const outputs = names(".out.yaml").map((name) => readFileSync(outputFile(name), "utf8"));
    const rules = join(testdata, "rules");
    const expectations = globSync("*.expect.yaml", { cwd: rules }).map((file) =>
      readFileSync(join(rules, file), "utf8"),
    );
    const samples = [...outputs, ...expectations];
    const missing = Object.values(diagnosticCodes).filter(
      ({ code }) => !samples.some((sample) => sample.includes(code)),
    );
    expect(missing.map(({ code, title }) => `${code} ${title}`)).toEqual([]);
  });
});
