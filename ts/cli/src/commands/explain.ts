/** `ghostctl explain`: every match that stood for a request, best first, and why each one lost. */

import { loadCore } from "@ghost-gateway/core";
import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import { ask, loadFor, requireListener } from "../loaded.js";
import { decideOptions, requestFrom } from "../question.js";
import type { QuestionOptions } from "../question.js";
import { renderExplanation } from "../render/explanation.js";

interface Options extends QuestionOptions {
  readonly all?: boolean;
  readonly output: "text" | "json" | "yaml";
}

export const explain: Run<Options> = async ([url], options, io) => {
  if (options.fromLog !== undefined && options.curl !== undefined)
    throw usageFailure("give one of a URL, --curl and --from-log");
  const under = decideOptions(options);
  const request = requestFrom(url, options, loadCore());
  const { table } = await loadFor(options, io);
  requireListener(table, options.listener);
  const explanation = ask(() => table.explain(request, under));
  if (options.output === "text")
    io.out.write(
      renderExplanation(request, explanation, {
        paint: io.out.paint,
        width: io.width,
        showAll: options.all ?? false,
      }),
    );
  else {
    const { renderData } = await import("../render/data.js");
    io.out.write(renderData(explanation, options.output));
  }
  return exitCode.fine;
};
