/** `ghostctl simulate`: one request, decided by the core that serves. */

import { CoreError, loadCore } from "@ghost-gateway/core";
import type { Core, DecideOptions, RequestInput, RouteTable } from "@ghost-gateway/core";
import { readSource, UnreadableSource } from "@ghost-gateway/chaperone/configuration";
import type { Reading } from "@ghost-gateway/chaperone/configuration";
import type { Run } from "../command.js";
import { CommandFailure, exitCode, usageFailure } from "../exit.js";
import type { Io } from "../io.js";
import { parseHeader, parseUrl } from "../request.js";
import { renderDecision } from "../render/decision.js";
import { countSeverities, linesOf, renderDiagnostic } from "../render/diagnostics.js";
import { sourceFrom } from "../source.js";
import type { SourceOptions } from "../source.js";

interface Options extends SourceOptions {
  readonly request: string;
  readonly header?: readonly string[];
  readonly listener?: string;
  readonly draw: string;
  readonly client?: string;
  readonly output: "text" | "json";
}

export const simulate: Run<Options> = async ([url = ""], options, io) => {
  const request = requestFrom(url, options);
  const under = decideOptions(options);
  const core = loadCore();
  const reading = await readSource(sourceFrom(options)).catch((error: unknown) => {
    throw error instanceof UnreadableSource ? usageFailure(error.message, { cause: error }) : error;
  });
  const table = compile(reading, core, io);
  if (options.listener !== undefined) requireListener(table, options.listener);
  const decision = ask(() => table.decide(request, under));
  io.out.write(
    options.output === "json"
      ? `${JSON.stringify(decision, null, 2)}\n`
      : renderDecision(request, decision, io.out.paint),
  );
  return exitCode.fine;
};

function requestFrom(url: string, { request, header = [] }: Options): RequestInput {
  const headers = header.map(parseHeader);
  return { method: request, url: parseUrl(url, headers), headers };
}

function decideOptions({ draw, listener, client }: Options): DecideOptions {
  const number = Number(draw);
  if (draw.trim() === "" || !(number >= 0 && number < 1))
    throw usageFailure(`--draw ${draw}: write a number from 0 up to, but not, 1`);
  return {
    draw: number,
    ...(listener === undefined ? {} : { listener }),
    ...(client === undefined ? {} : { clientAddress: client }),
  };
}

/** Errors that leave a table are told on the way: the answer is right for what is served. */
function compile(reading: Reading, core: Core, io: Io): RouteTable {
  const { documents } = reading;
  const compiled = documents === null ? { table: null, diagnostics: [] } : core.compile(documents);
  const errors = [...reading.diagnostics, ...reading.place(compiled.diagnostics)].filter(
    ({ severity }) => severity === "error",
  );
  if (compiled.table === null) {
    const lines = linesOf(reading.texts);
    for (const error of errors) io.err.write(`${renderDiagnostic(error, lines, io.err.paint)}\n`);
    throw new CommandFailure(
      `the configuration cannot be read: ${countSeverities(errors)}`,
      exitCode.findings,
    );
  }
  if (errors.length > 0) {
    const { file = "", line, column, code, message } = errors[0] ?? {};
    io.err.write(
      `${io.err.paint("yellow", "warning:")} the configuration has ${countSeverities(errors)}; what is wrong is left out, as when serving\n`,
    );
    io.err.write(
      `  first: ${file}:${line}:${column}: ${code} ${message}\n  see all: ghostctl check\n`,
    );
  }
  return compiled.table;
}

function requireListener({ listeners }: RouteTable, wanted: string): void {
  if (listeners.some(({ name }) => name === wanted)) return;
  const names = listeners.map(({ name }) => name).join(", ") || "none";
  throw usageFailure(
    `there is no listener ${JSON.stringify(wanted)}; the configuration has: ${names}`,
  );
}

/** What the core takes for no request is the asker's mistake. */
function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    const isAskers =
      error instanceof CoreError &&
      (error.code === "invalidRequest" || error.code === "invalidOptions");
    throw isAskers ? usageFailure(error.message, { cause: error }) : error;
  }
}
