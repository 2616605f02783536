/** `ghostctl graph`: listeners, hosts, rules and services as a picture. */

import type { Run } from "../command.js";
import { exitCode } from "../exit.js";
import { graphOf } from "../graph/model.js";
import { writeGraph } from "../graph/write.js";
import type { GraphFormat } from "../graph/write.js";
import { loadFor } from "../loaded.js";
import { routingDocument } from "../routing-document.js";
import type { AskedOptions } from "../loaded.js";

interface Options extends AskedOptions {
  readonly output: GraphFormat;
}

export const graph: Run<Options> = async (_words, options, io) => {
  const loaded = await loadFor(options, io);
  io.out.write(writeGraph(graphOf(routingDocument(loaded)), options.output));
  return exitCode.fine;
};
