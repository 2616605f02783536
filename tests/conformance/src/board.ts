// The score board: every test of the suite with its outcome, from the suite's list, report and output. Pure.

import type { Outcome, SuiteOutput } from "./output.ts";
import type { SuiteReport } from "./report.ts";

/** What `list-tests` prints. */
export interface SuiteList {
  readonly profiles: readonly {
    readonly name: string;
    readonly core: readonly string[];
    readonly extended: readonly string[];
  }[];
  readonly tests: readonly { readonly name: string; readonly features: readonly string[] }[];
}

export type Level = "core" | "extended";
export type Score = Readonly<Record<Outcome, number>>;

export interface BoardTest {
  readonly test: string;
  /** The profiles that count it, and as what; a test that needs features of two kinds of routes may be in none. */
  readonly profiles: Readonly<Record<string, Level>>;
  readonly features: readonly string[];
  readonly outcome: Outcome;
  readonly reason: string;
}

export interface Board {
  readonly suite: string;
  readonly channel: string;
  readonly implementation: string;
  /** Why the suite stopped before its tests; absent when it ran. */
  readonly setup?: string;
  readonly profiles: readonly {
    readonly name: string;
    readonly core: Score;
    readonly extended: Score;
  }[];
  readonly tests: readonly BoardTest[];
}

/** As the suite counts: a profile has a test when it has all its features, and one extended feature makes it extended. */
function profilesOf(list: SuiteList, features: readonly string[]): Record<string, Level> {
  const levels: Record<string, Level> = {};
  for (const { name, core, extended } of list.profiles) {
    const isWhole = features.every(
      (feature) => core.includes(feature) || extended.includes(feature),
    );
    if (isWhole)
      levels[name] = features.every((feature) => core.includes(feature)) ? "core" : "extended";
  }
  return levels;
}

function scoreOf(tests: readonly BoardTest[], profile: string, level: Level): Score {
  const score = { passed: 0, failed: 0, skipped: 0, notRun: 0 };
  for (const { profiles, outcome } of tests) {
    if (profiles[profile] === level) score[outcome] += 1;
  }
  return score;
}

/** The report and the output are two witnesses of one run; where they differ, neither is believed. */
function compare(report: SuiteReport, tests: readonly BoardTest[]): void {
  for (const { name, core, extended } of report.profiles ?? []) {
    const reported = [...(core.failedTests ?? []), ...(extended?.failedTests ?? [])].toSorted();
    const seen = tests
      .filter(({ profiles, outcome }) => profiles[name] !== undefined && outcome === "failed")
      .map(({ test }) => test)
      .toSorted();
    if (reported.join() !== seen.join()) {
      throw new Error(
        `${name}: the report says that [${reported.join()}] failed, the output [${seen.join()}]`,
      );
    }
  }
}

export function makeBoard(list: SuiteList, report: SuiteReport, output: SuiteOutput): Board {
  const tests = list.tests
    // The tests of service meshes are not for a gateway.
    .filter(({ features }) => !features.some((feature) => feature.startsWith("Mesh")))
    .map(({ name, features }): BoardTest => {
      const result = output.tests.get(name);
      return {
        test: name,
        profiles: profilesOf(list, features),
        features,
        outcome: result?.outcome ?? "notRun",
        reason: result?.reason ?? "",
      };
    })
    .toSorted((a, b) => (a.test < b.test ? -1 : 1));
  compare(report, tests);
  const { project, version } = report.implementation;
  return {
    suite: report.gatewayAPIVersion,
    channel: report.gatewayAPIChannel,
    implementation: `${project} ${version}`,
    ...(output.setup === undefined ? {} : { setup: output.setup }),
    profiles: list.profiles.map(({ name }) => ({
      name,
      core: scoreOf(tests, name, "core"),
      extended: scoreOf(tests, name, "extended"),
    })),
    tests,
  };
}
