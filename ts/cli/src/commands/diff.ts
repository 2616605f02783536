/** `ghostctl diff`: which requests two configurations answer differently. */

import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import { load } from "../loaded.js";
import { renderComparison } from "../render/comparison.js";
import { sourceOf } from "../source.js";
import { UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { SourceLocation } from "@ghost-gateway/chaperone/configuration";

interface Options {
  readonly output: "text" | "json" | "yaml";
}

export const diff: Run<Options> = async ([before = "", after = ""], { output }, io) => {
  const one = await load(await located(before), io);
  const other = await load(await located(after), io);
  const comparison = one.table.compare(other.table);
  const { classes, unlisted, complete } = comparison;
  if (output === "text") io.out.write(renderComparison(classes, io.out.paint));
  else {
    const { renderData } = await import("../render/data.js");
    io.out.write(renderData(comparison, output));
  }
  if (!complete)
    io.err.write(
      `${io.err.paint("yellow", "warning:")} the configurations differ in more places than could be asked about\n`,
    );
  const found = classes.length + unlisted;
  const listed = unlisted > 0 ? `, of which the first ${classes.length} are listed` : "";
  io.err.write(
    found === 0
      ? "no request is answered differently\n"
      : `${found} ${found === 1 ? "class of requests is" : "classes of requests are"} answered differently${listed}\n`,
  );
  return found === 0 && complete ? exitCode.fine : exitCode.findings;
};

async function located(path: string): Promise<SourceLocation> {
  return sourceOf(path).catch((error: unknown) => {
    throw error instanceof UnreadableSource ? usageFailure(error.message, { cause: error }) : error;
  });
}
