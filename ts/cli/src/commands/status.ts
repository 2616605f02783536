/** `ghostctl status`: what a running chaperone does, and what it last refused. */

import type { ChaperoneStatus } from "@ghost-gateway/chaperone/control";
import type { Run } from "../command.js";
import { connect, reach } from "../control.js";
import type { ControlOptions } from "../control.js";
import { exitCode } from "../exit.js";
import { renderData } from "../render/data.js";
import { renderStatus } from "../render/status.js";

interface Options extends ControlOptions {
  readonly output: "text" | "wide" | "json" | "yaml" | "name";
}

export const status: Run<Options> = async (_words, options, io) => {
  const found = await reach(connect(options).status());
  const { output } = options;
  switch (output) {
    case "json":
    case "yaml":
      io.out.write(renderData(found, output));
      break;
    case "name":
      io.out.write(`chaperone/${found.pid}\n`);
      break;
    case "text":
    case "wide":
      io.out.write(renderStatus(found, io.out.paint, output === "wide"));
  }
  return isWell(found) ? exitCode.fine : exitCode.findings;
};

/** Ready, and nothing refused or quarantined. */
function isWell({ ready, refused, applied }: ChaperoneStatus): boolean {
  return ready && refused === null && (applied?.routes.quarantined.length ?? 0) === 0;
}
