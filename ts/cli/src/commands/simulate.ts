/** `ghostctl simulate`: one request, decided by the core that serves. */

import { loadCore } from "@ghost-gateway/core";
import type { DecideOptions, RequestInput, RouteTable } from "@ghost-gateway/core";
import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import type { ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { ask, loadFor, requireListener } from "../loaded.js";
import { decideOptions, requestFrom } from "../question.js";
import type { QuestionOptions } from "../question.js";
import { renderDecision } from "../render/decision.js";

interface Options extends QuestionOptions {
  readonly times?: string;
  readonly against?: string;
  readonly output: "text" | "json" | "yaml";
}

const mostTimes = 1_000_000;

export const simulate: Run<Options> = async ([url], options, io) => {
  const under = decideOptions(options);
  const request = requestFrom(url, options, loadCore());
  const times = options.times === undefined ? undefined : timesFrom(options.times);
  const { table } = await loadFor(options, io);
  requireListener(table, options.listener);
  if (times !== undefined) return split(table, request, under, times, options, io);
  if (options.against !== undefined) {
    const { compareWithServer } = await import("../against.js");
    return compareWithServer(table, request, under, options.against, options.output, io);
  }
  const decision = ask(() => table.decide(request, under));
  await print(decision, options.output, io, () => renderDecision(request, decision, io.out.paint));
  return exitCode.fine;
};

function timesFrom(text: string): number {
  const times = Number(text);
  if (Number.isInteger(times) && times > 0 && times <= mostTimes) return times;
  throw usageFailure(`--times ${text}: write a whole number from 1 to ${mostTimes}`);
}

async function split(
  table: RouteTable,
  request: RequestInput,
  under: DecideOptions,
  times: number,
  { output }: Options,
  io: Io,
): Promise<ExitCode> {
  const { splitOf } = await import("../split.js");
  const parts = ask(() => splitOf(table, request, under, times));
  const { columns } = await import("../render/columns.js");
  await print({ times, parts }, output, io, () => {
    const rows = parts.map(({ outcome, endpoint, count }) => [
      `${((100 * count) / times).toFixed(2)} %`,
      String(count),
      outcome,
      endpoint ?? "",
    ]);
    return `${columns(["share", "count", "outcome", "endpoint"], rows).join("\n")}\n`;
  });
  return exitCode.fine;
}

/** Text, or the whole as data. */
async function print(
  value: unknown,
  output: Options["output"],
  io: Io,
  text: () => string,
): Promise<void> {
  if (output === "text") io.out.write(text());
  else {
    const { renderData } = await import("../render/data.js");
    io.out.write(renderData(value, output));
  }
}
