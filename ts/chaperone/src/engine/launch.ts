/** Starts varnishd and opens the line to it. The engine that comes out has no VCL yet and no child. */

import { AdminClient } from "../admin/client.js";
import { listenForEngine } from "../admin/connection.js";
import { engineArguments } from "./arguments.js";
import type { EngineListener } from "./listeners.js";
import { startEngine } from "./process.js";
import type { EngineProcess } from "./process.js";
import type { Workspace } from "./workspace.js";

/** varnishd does not run, or no longer. */
export class EngineFailure extends Error {
  override readonly name: string = "EngineFailure";
}

export interface Engine {
  readonly process: EngineProcess;
  readonly client: AdminClient;
}

export interface LaunchOptions {
  /** The program. */
  readonly varnishd: string;
  readonly workspace: Workspace;
  readonly listeners: readonly EngineListener[];
  readonly cacheSize: string;
  /** Gets each line of varnishd's log. */
  readonly onLine: (line: string) => void;
}

/** Milliseconds for varnishd to begin and call back. */
const callTimeout = 30_000;
/** Lines of its log that are shown when it does not start. */
const shownLines = 5;

/** Rejects with an EngineFailure that holds varnishd's own words. */
export async function launchEngine({
  varnishd,
  workspace,
  listeners,
  cacheSize,
  onLine,
}: LaunchOptions): Promise<Engine> {
  const admin = await listenForEngine();
  const lines: string[] = [];
  const words = engineArguments({
    workDirectory: workspace.workDirectory,
    adminAddress: admin.address,
    secretFile: workspace.secretFile,
    listeners,
    controlSocket: workspace.controlSocket,
    cacheSize,
  });
  const engine = await startEngine(varnishd, words, (line) => {
    lines.push(line);
    onLine(line);
  }).catch((error: unknown) => {
    admin.close();
    throw notStarted(varnishd, error);
  });
  try {
    const connection = await Promise.race([
      admin.accept(workspace.secret, callTimeout),
      ended(engine, lines),
    ]);
    return { process: engine, client: new AdminClient(connection) };
  } catch (error) {
    engine.kill("SIGKILL");
    throw error instanceof EngineFailure
      ? error
      : new EngineFailure(String(error), { cause: error });
  } finally {
    admin.close();
  }
}

function notStarted(varnishd: string, error: unknown): EngineFailure {
  const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
  const reason = isMissing
    ? "there is no such program; install Varnish (apt-get install varnish)"
    : String(error);
  return new EngineFailure(`${varnishd} cannot be started: ${reason}`, { cause: error });
}

async function ended(engine: EngineProcess, lines: readonly string[]): Promise<never> {
  const { code, signal } = await engine.exited;
  const said = lines.filter((line) => !/^(Debug|Info):/.test(line)).slice(-shownLines);
  throw new EngineFailure(
    [`varnishd ended at once (${signal ?? `exit code ${code}`})`, ...said].join("\n"),
  );
}
