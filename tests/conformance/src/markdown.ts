// The board as a page. Pure.

import type { Board, Score } from "./board.ts";
import type { Outcome } from "./output.ts";

const words: Readonly<Record<Outcome, string>> = {
  passed: "passed",
  failed: "**failed**",
  skipped: "skipped",
  notRun: "not run",
};

function total(score: Score): number {
  return Object.values(score).reduce((sum, count) => sum + count, 0);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

export function boardPage(board: Board): string {
  const lines = [
    "# Conformance score board",
    "",
    `Gateway API suite ${board.suite}, ${board.channel} channel, against ${board.implementation}. Made by \`make conformance\`;`,
    "the same as data: [board.json](board.json).",
    "",
  ];
  if (board.setup !== undefined) {
    lines.push(`The suite stopped before its tests: ${board.setup}`, "");
  }
  lines.push(
    "| profile | core passed | extended passed | failed | skipped | not run |",
    "| --- | --- | --- | --- | --- | --- |",
  );
  for (const { name, core, extended } of board.profiles) {
    const both = (outcome: Outcome) => core[outcome] + extended[outcome];
    const passed = (score: Score) => `${score.passed}/${total(score)}`;
    const rest = [both("failed"), both("skipped"), both("notRun")].join(" | ");
    lines.push(`| ${name} | ${passed(core)} | ${passed(extended)} | ${rest} |`);
  }
  lines.push(
    "",
    "| test | profiles | features | outcome | reason |",
    "| --- | --- | --- | --- | --- |",
  );
  for (const { test, profiles, features, outcome, reason } of board.tests) {
    const where = Object.entries(profiles).map(
      ([name, level]) => `${name.replace("GATEWAY-", "")} ${level}`,
    );
    lines.push(
      `| ${test} | ${where.join(", ")} | ${features.join(", ")} | ${words[outcome]} | ${cell(reason)} |`,
    );
  }
  return `${lines.join("\n")}\n`;
}
