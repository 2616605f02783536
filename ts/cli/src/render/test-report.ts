/** Results of route tests: for people, as TAP 14, and as JUnit's XML. Pure. */

import type { Output } from "../io.js";
import { printableLine } from "./printable.js";

export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** What is not as expected; none where the test passes. */
  readonly failures: readonly string[];
}

export type TestFormat = "pretty" | "tap" | "junit" | "json";

export function renderResults(
  results: readonly TestResult[],
  format: TestFormat,
  paint: Output["paint"],
): string {
  switch (format) {
    case "pretty":
      return pretty(results, paint);
    case "tap":
      return tap(results);
    case "junit":
      return junit(results);
    case "json":
      break;
  }
  return `${JSON.stringify(results, null, 2)}\n`;
}

function pretty(results: readonly TestResult[], paint: Output["paint"]): string {
  const files = Map.groupBy(results, ({ file }) => file);
  return [...files]
    .map(([file, tests]) => {
      const lines = tests.flatMap(({ name, line, failures }) => [
        failures.length === 0
          ? `  ${paint("green", "ok")}      ${printableLine(name)}`
          : `  ${paint("red", "not ok")}  ${printableLine(name)} ${paint("dim", `(line ${line})`)}`,
        ...failures.map((failure) => `          ${printableLine(failure)}`),
      ]);
      return [printableLine(file), ...lines, ""].join("\n");
    })
    .join("");
}

function tap(results: readonly TestResult[]): string {
  const lines = results.flatMap(({ file, name, line, failures }, index) => {
    // A number sign would begin a directive.
    const title = printableLine(`${file}: ${name}`).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
    const head = `${failures.length === 0 ? "ok" : "not ok"} ${index + 1} - ${title}`;
    if (failures.length === 0) return [head];
    return [
      head,
      "  ---",
      `  at: ${JSON.stringify(`${file}:${line}`)}`,
      `  failures: ${JSON.stringify(failures)}`,
      "  ...",
    ];
  });
  return ["TAP version 14", `1..${results.length}`, ...lines].map((line) => `${line}\n`).join("");
}

function junit(results: readonly TestResult[]): string {
  const files = [...Map.groupBy(results, ({ file }) => file)];
  const suites = files.map(([file, tests]) => {
    const failed = tests.filter(({ failures }) => failures.length > 0).length;
    const cases = tests.map(({ name, line, failures }) => {
      const attributes = `classname="${xml(file)}" name="${xml(name)}" file="${xml(file)}" line="${line}"`;
      if (failures.length === 0) return `    <testcase ${attributes}/>`;
      const text = failures.join("\n");
      return `    <testcase ${attributes}>\n      <failure message="${xml(failures[0] ?? "")}">${xml(text)}</failure>\n    </testcase>`;
    });
    return `  <testsuite name="${xml(file)}" tests="${tests.length}" failures="${failed}">\n${cases.join("\n")}\n  </testsuite>`;
  });
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="${results.length}" failures="${failed}">\n${suites.join("\n")}\n</testsuites>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

function xml(text: string): string {
  // XML 1.0 section 2.2 has no place for other control characters.
  const clean = Array.from(text, (one) =>
    /[\p{Cc}]/u.test(one) && !/[\n\t]/.test(one) ? "\u{fffd}" : one,
  );
  return clean.map((one) => entities[one] ?? one).join("");
}
