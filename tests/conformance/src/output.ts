// What the suite's program prints (Go's verbose test output) -> the outcome of each test, with its reason. Pure.

export type Outcome = "passed" | "failed" | "skipped" | "notRun";

export interface TestResult {
  readonly outcome: Outcome;
  /** Why it was skipped, or the first thing that failed; empty for a test that passed. */
  readonly reason: string;
}

export interface SuiteOutput {
  readonly tests: ReadonlyMap<string, TestResult>;
  /** Why the suite stopped before its tests, when it did. */
  readonly setup: string | undefined;
}

const suiteName = "TestConformance";
const verdicts: Readonly<Record<string, Outcome>> = {
  PASS: "passed",
  FAIL: "failed",
  SKIP: "skipped",
};
const longestReason = 300;

/** The lines that each test printed: Go says whose turn it is before the lines of another. */
function linesByTest(output: string): Map<string, string[]> {
  const byTest = new Map<string, string[]>();
  let current = "";
  for (const line of output.split("\n")) {
    const turn = /^=== (?:RUN|CONT|NAME|PAUSE)\s+(\S+)/.exec(line);
    if (turn) {
      current = turn[1] ?? "";
      continue;
    }
    const lines = byTest.get(current) ?? [];
    lines.push(line);
    byTest.set(current, lines);
  }
  return byTest;
}

/** The text behind a label of testify's report, over the lines that continue it. */
function labelled(lines: readonly string[], start: number, label: string): string {
  const parts: string[] = [];
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const begun = new RegExp(`^\\s+${label}:\\s*(.*)$`).exec(line);
    if (begun) {
      parts.push(begun[1] ?? "");
    } else if (parts.length > 0) {
      const more = /^\s+\t {2,}\t(.*)$/.exec(line);
      if (!more) break;
      parts.push(more[1] ?? "");
    }
  }
  return parts.join(" ").replaceAll(/\s+/g, " ").trim();
}

const logged = /^\s+\w+\.go:\d+: (?:\d{4}-[\d-]+T[\d:.]+Z: )?(.*)$/;

/** What was logged last is what the test gave up with; a wait says before it what it waited for. */
function lastWords(lines: readonly string[]): string | undefined {
  const said = lines.map((line) => logged.exec(line)?.[1]).filter((text) => text !== undefined);
  const last = said.at(-1);
  const before = said.findLast((text) => text.includes("not ready yet"));
  return last?.startsWith("timeout while waiting") && before !== undefined
    ? `${last}: ${before}`
    : last;
}

function firstFailure(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => /^\s+Error Trace:/.test(line));
  if (start === -1) return lastWords(lines);
  const error = labelled(lines, start, "Error").replace("Received unexpected error: ", "");
  const messages = labelled(lines, start, "Messages");
  return messages === "" ? error : `${messages}: ${error}`;
}

/** Times and hashes differ from run to run; a board that is compared must not. */
function steady(reason: string): string {
  return reason
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)")
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+(:\d+)?\b/g, "(address)")
    .replaceAll(/\b\d+(?:\.\d+)?(?:ns|µs|ms|s)\b/g, "(duration)")
    .replaceAll(/after \d+ attempts/g, "after (several) attempts")
    .slice(0, longestReason);
}

function reasonOf(
  name: string,
  outcome: Outcome,
  byTest: ReadonlyMap<string, string[]>,
  failed: ReadonlySet<string>,
): string {
  const own = byTest.get(`${suiteName}/${name}`) ?? [];
  if (outcome === "skipped") {
    const line = own.find((text) => text.includes(`Skipping ${name}: `)) ?? "";
    return steady(line.slice(line.indexOf(": Skipping") + 2).replace(`Skipping ${name}: `, ""));
  }
  if (outcome !== "failed") return "";
  // The first part that failed, else the test itself.
  for (const [full, lines] of byTest) {
    if (!full.startsWith(`${suiteName}/${name}/`) || !failed.has(full)) continue;
    const failure = firstFailure(lines);
    if (failure !== undefined)
      return steady(`${full.slice(suiteName.length + name.length + 2)}: ${failure}`);
  }
  return steady(firstFailure(own) ?? "failed without a message");
}

export function readOutput(output: string): SuiteOutput {
  const byTest = linesByTest(output);
  const tests = new Map<string, TestResult>();
  const failures = output.matchAll(/^\s+--- FAIL: (\S+) \(/gm);
  const failed = new Set([...failures].map(([, name = ""]) => name));
  const ends = new RegExp(`^\\s+--- (PASS|FAIL|SKIP): ${suiteName}/([^/\\s]+) \\(`, "gm");
  for (const [, verdict = "", name = ""] of output.matchAll(ends)) {
    const outcome = verdicts[verdict] ?? "notRun";
    tests.set(name, { outcome, reason: reasonOf(name, outcome, byTest, failed) });
  }
  const setup = tests.size > 0 ? undefined : firstFailure(byTest.get(suiteName) ?? []);
  return { tests, setup: setup === undefined ? undefined : steady(setup) };
}
