// Programs that change the network (ip, nft, conntrack), with what they wrote when they fail.

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export async function run(program: string, args: readonly string[], input = ""): Promise<string> {
  const child = spawn(program, args);
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) {
    const what = [program, ...args].join(" ");
    throw new Error(`${what} failed with exit ${code}: ${errors.trim() || output.trim()}`);
  }
  return output;
}
