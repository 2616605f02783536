/** `ghostctl history`: what a run folder has served. */

import { readHistory } from "@ghost-gateway/chaperone/control";
import type { Run } from "../command.js";
import { connect, reach } from "../control.js";
import type { ControlOptions } from "../control.js";
import { exitCode } from "../exit.js";
import { renderData } from "../render/data.js";
import { renderHistory } from "../render/status.js";

interface Options extends ControlOptions {
  readonly output: "text" | "wide" | "json" | "yaml" | "name";
}

export const history: Run<Options> = async (_words, options, io) => {
  const { output, runFolder } = options;
  // The folder tells it too when nothing runs.
  const entries =
    runFolder === undefined
      ? await reach(connect(options).history())
      : await reach(readHistory(runFolder));
  if (output === "json" || output === "yaml") io.out.write(renderData(entries, output));
  else if (output === "name")
    io.out.write(entries.map(({ number }) => `generation/${number}\n`).join(""));
  else io.out.write(renderHistory(entries, output === "wide"));
  return exitCode.fine;
};
