/** What the demo prints: titles, tables, and after each act whether it went as promised. */

import type { Io } from "../io.js";
import { columns } from "../render/columns.js";
import type { Compared, Flipped, Measured } from "./acts.js";
import { describe } from "./cases.js";
import type { Audit } from "./ledger.js";

export class Report {
  readonly #io: Io;
  #failures = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  /** True while nothing disagreed. */
  get isGood(): boolean {
    return this.#failures === 0;
  }

  say(text: string): void {
    this.#io.out.write(`${text}\n`);
  }

  title(text: string): void {
    this.say(`\n${this.#io.out.paint("bold", text)}`);
  }

  table(lines: readonly string[]): void {
    for (const line of lines) this.say(`  ${line}`);
  }

  /** Says what was promised, and whether it holds. */
  verdict(holds: boolean, promise: string): void {
    if (!holds) this.#failures += 1;
    this.say(
      holds
        ? `${this.#io.out.paint("green", "ok")} ${promise}`
        : `${this.#io.out.paint("red", "NOT SO:")} ${promise}`,
    );
  }
}

export function comparisonTable(compared: readonly Compared[]): string[] {
  const rows = compared.map(({ request, simulated, real, isSame }) => [
    `${request.method} ${request.url.replace("http://", "")}${(request.headers ?? []).map(([name, value]) => ` ${name}: ${value}`).join("")}`,
    describe(simulated),
    describe(real),
    isSame ? "yes" : "NO",
  ]);
  return columns(["request", "simulated", "real", "same"], rows);
}

export function measurementTable({ requests, blue, green, deviations }: Measured): string[] {
  const percent = (count: number): string => `${((100 * count) / requests).toFixed(1)} %`;
  const rows = [
    ["blue", "90.0 %", percent(blue), String(blue)],
    ["green", "10.0 %", percent(green), String(green)],
  ];
  return [
    ...columns(["service", "wanted", "measured", "requests"], rows),
    `off by ${deviations.toFixed(1)} standard deviations`,
  ];
}

export function ledgerTable(audit: Audit, { flips, seconds }: Flipped): string[] {
  const { requests, strict, lost, duplicated, wrong, examples } = audit;
  const rows = [
    ["changes acknowledged", String(flips)],
    [
      "requests, each with its own id",
      `${requests} (${Math.round(requests / seconds)} per second)`,
    ],
    ["of them under exactly one configuration", String(strict)],
    ["lost", String(lost)],
    ["duplicated", String(duplicated)],
    ["answered by the wrong service", String(wrong)],
    ...(examples.length === 0 ? [] : [["for example", examples.join(", ")]]),
  ];
  return columns(["ledger of client and origins", "count"], rows);
}
