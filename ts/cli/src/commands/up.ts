/** `ghostctl up`: the chaperone at a terminal. */

import {
  eventLog,
  findVmod,
  parseListen,
  readSource,
  runChaperone,
  stopOnSignals,
  UnreadableSource,
} from "@ghost-gateway/chaperone";
import type {
  ErrorPolicy,
  ExitCode as ChaperoneExit,
  ListenOption,
  OnEvent,
  SourceLocation,
  VmodFiles,
} from "@ghost-gateway/chaperone";
import type { Run } from "../command.js";
import { CommandFailure, exitCode, usageFailure } from "../exit.js";
import type { ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { currentLines } from "../lines.js";
import { renderEvent } from "../render/event.js";
import { sourceFrom } from "../source.js";
import type { SourceOptions } from "../source.js";

interface Options extends SourceOptions {
  readonly listen?: readonly string[];
  readonly onError?: ErrorPolicy;
  readonly vcl?: string;
  readonly cacheSize: string;
  readonly varnishd: string;
  readonly runFolder?: string;
  readonly verbose?: boolean;
  readonly output: "text" | "json";
}

/** The chaperone's ends in ghostctl's words. */
const ends: Readonly<Record<ChaperoneExit, ExitCode>> = {
  0: exitCode.fine,
  1: exitCode.unreachable,
  2: exitCode.usage,
  3: exitCode.findings,
  5: exitCode.timedOut,
};

export const up: Run<Options> = async (_words, options, io) => {
  const source = sourceFrom(options);
  const { vcl, cacheSize, varnishd, runFolder } = options;
  if (!/^\d+[kKmMgGtT]?$/.test(cacheSize))
    throw usageFailure(`--cache-size ${cacheSize}: write a number with k, m, g or t`);
  const listen = (options.listen ?? []).map(listenFrom);
  const vmod = requireVmod(io);
  await requireSource(source);
  const stop = stopOnSignals();
  try {
    const end = await runChaperone({
      source,
      // Manifests come from many hands: there a bad route must not hold up the others.
      policy: options.onError ?? (source.kind === "manifests" ? "quarantine" : "refuse"),
      listen,
      vmod,
      cacheSize,
      varnishd,
      ...(vcl === undefined ? {} : { vcl }),
      ...(runFolder === undefined ? {} : { runFolder }),
      // Where `ghostctl status` looks; a second one on this host goes without.
      health: { host: "127.0.0.1", port: 9181 },
      isObservationOptional: true,
      stop,
      onEvent: printer(options, io),
    });
    return ends[end];
  } finally {
    stop.dispose();
  }
};

/** A name that is mistyped is told at once; what is in the files is for the chaperone to judge. */
async function requireSource(source: SourceLocation): Promise<void> {
  try {
    await readSource(source);
  } catch (error) {
    throw error instanceof UnreadableSource ? usageFailure(error.message, { cause: error }) : error;
  }
}

function listenFrom(text: string): ListenOption {
  const option = parseListen(text);
  if (typeof option === "string") throw usageFailure(option);
  return option;
}

function requireVmod({ environment }: Io): VmodFiles {
  const vmod = findVmod(environment);
  if (vmod !== undefined) return vmod;
  throw new CommandFailure(
    "libvmod_ghost.so or ghost.vcl is not found; run `make build` in the repository, or name them with GHOST_VMOD and GHOST_VCL",
    exitCode.unreachable,
  );
}

/** Events as JSON lines on standard output, or as words on standard error. */
function printer({ output, verbose = false }: Options, io: Io): OnEvent {
  if (output === "json") return eventLog({ write: (line) => io.out.write(line) });
  const style = { isVerbose: verbose, paint: io.err.paint, read: currentLines };
  return (event) => io.err.write(renderEvent(event, style));
}
