// The load: wrk, with the requests of a file in turn; what one run and pairs of runs say.

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";

import { ports } from "./stage.ts";
import type { Stage } from "./stage.ts";

export type Asked = { host: string; path: string };
export type Measured = { cpu: number; rate: number };
/** A ratio with the bounds between which it lies with 95 % confidence. */
export type Ratio = { ratio: number; low: number; high: number };

const connections = 16;

/** Writes the script that makes wrk send these requests, one after the other. */
export async function writeScript(path: string, requests: Asked[]): Promise<void> {
  const lines = requests.map(
    ({ host, path: target }) => `  wrk.format("GET", "${target}", { ["Host"] = "${host}" }),`,
  );
  const text = `local requests
local turn = 0
init = function()
  requests = {
${lines.join("\n")}
  }
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
done = function(summary)
  io.write(string.format("result %d %d %d\\n", summary.requests, summary.duration, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
`;
  await writeFile(path, text);
}

/** One run through a VCL: processor time of the child per request in nanoseconds, and requests per second. */
export async function measure(
  stage: Stage,
  vcl: string,
  script: string,
  seconds: number,
): Promise<Measured> {
  await stage.cli.run(`vcl.use ${vcl}`);
  // What is cached, made or connected once is so before the clock starts.
  await wrk(script, 0.3);
  const before = await stage.processorTime();
  const { requests, duration } = await wrk(script, seconds);
  const after = await stage.processorTime();
  return { cpu: (after - before) / requests, rate: requests / duration };
}

async function wrk(
  script: string,
  seconds: number,
): Promise<{ requests: number; duration: number }> {
  const words = ["-t1", `-c${connections}`, `-d${Math.ceil(seconds)}s`, "-s", script];
  const child = spawn("wrk", [...words, `http://127.0.0.1:${ports.front}/`]);
  let said = "";
  child.stdout.on("data", (piece: Buffer) => (said += piece.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  const [, requests, microseconds, errors] = /^result (\d+) (\d+) (\d+)$/m.exec(said) ?? [];
  if (requests === undefined || errors !== "0") throw new Error(`wrk says:\n${said}`);
  return { requests: Number(requests), duration: Number(microseconds) / 1e6 };
}

/** Geometric mean of ratios with its 95 % interval, by the t distribution of their logarithms. */
export function ratioOf(pairs: [number, number][]): Ratio {
  const logs = pairs.map(([one, other]) => Math.log(one / other));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  // 2.09 for 20 pairs; for more it is smaller, so the interval is never too narrow from there on.
  const reach = 2.09 * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(mean), low: Math.exp(mean - reach), high: Math.exp(mean + reach) };
}
