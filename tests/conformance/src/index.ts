/** The official Gateway API conformance suite against a cluster of `@ghost-gateway/cluster`, and its score board. */

export { makeBoard } from "./board.ts";
export type { Board, BoardTest, Level, Score, SuiteList } from "./board.ts";
export type { Entrant } from "./entrant.ts";
export { ghost } from "./ghost.ts";
export { ghostImages, ghostManifests, installGhost } from "./ghost-install.ts";
export { boardPage } from "./markdown.ts";
export { readOutput } from "./output.ts";
export type { Outcome, SuiteOutput, TestResult } from "./output.ts";
export { readReport } from "./report.ts";
export type { SuiteReport } from "./report.ts";
export { listSuite, runSuite, writeBoard } from "./suite.ts";
export type { Implementation, SuiteOptions, SuiteRun } from "./suite.ts";
