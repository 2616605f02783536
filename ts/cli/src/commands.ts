/** Every command: one table for the parser, help, manual pages, docs and completion. */

import type { AnyCommand } from "./command.js";
import { diff, explain, graph, playground, replay, simulate } from "./table/ask.js";
import { check, fmt, test, translate } from "./table/check.js";
import { completion, help, man, version } from "./table/other.js";
import { demo, doctor, history, rollback, status, up } from "./table/run.js";

export const commands: readonly AnyCommand[] = [
  simulate,
  explain,
  diff,
  replay,
  graph,
  playground,
  check,
  test,
  fmt,
  translate,
  up,
  status,
  history,
  rollback,
  doctor,
  demo,
  version,
  completion,
  man,
  help,
];
