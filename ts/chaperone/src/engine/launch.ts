/**
 * Starts varnishd and opens the line to it, or takes over the one that a chaperone left behind.
 *
 * The engine that is started has no VCL yet and no child; one that is taken over serves.
 */

import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../apply/write.js";
import { AdminClient } from "../admin/client.js";
import { AdminLine } from "../admin/line.js";
import { engineArguments } from "./arguments.js";
import { isRunning } from "./identity.js";
import type { ProcessIdentity } from "./identity.js";
import type { EngineListener } from "./listeners.js";
import { readIdentity } from "./owner.js";
import { adoptEngine, gone, signalTo, startEngine } from "./process.js";
import type { EngineProcess } from "./process.js";
import type { Workspace } from "./workspace.js";

/** varnishd does not run, or no longer. */
export class EngineFailure extends Error {
  override readonly name: string = "EngineFailure";
}

export interface Engine {
  readonly process: EngineProcess;
  readonly client: AdminClient;
  /** Ends the line to it. */
  readonly close: () => void;
}

export interface LaunchOptions {
  /** The program. */
  readonly varnishd: string;
  readonly workspace: Workspace;
  readonly listeners: readonly EngineListener[];
  /** The listeners as they were asked for, where `listeners` has the ports that the system gave for port 0. */
  readonly asked?: readonly EngineListener[];
  readonly cacheSize: string;
  readonly jail?: string;
  readonly extra?: readonly string[];
  /** Gets each line of varnishd's log. */
  readonly onLine: (line: string) => void;
}

/** Milliseconds for varnishd to begin and call back. */
const callTimeout = 30_000;
/** Milliseconds for a varnishd that runs to call again: it tries every ten seconds at least. */
const returnTimeout = 15_000;
/** Milliseconds for a varnishd that is replaced to end by itself. */
const endTimeout = 5000;
/** Lines of its log that are shown when it does not start. */
const shownLines = 5;

/** Rejects with an EngineFailure that holds varnishd's own words. */
export async function launchEngine(options: LaunchOptions): Promise<Engine> {
  const { varnishd, workspace, onLine } = options;
  const line = await AdminLine.open(workspace.secret);
  const lines: string[] = [];
  const engine = await startEngine(
    varnishd,
    wordsFor(options, line.address),
    workspace.logPipe,
    (text) => {
      if (lines.length < 100) lines.push(text);
      onLine(text);
    },
  ).catch((error: unknown) => {
    line.close();
    throw notStarted(varnishd, error);
  });
  try {
    await Promise.race([line.connected(callTimeout), ended(engine, lines)]);
    await record(options, engine.identity, line.port);
    return { process: engine, client: new AdminClient(line), close: line.close };
  } catch (error) {
    line.close();
    engine.kill("SIGKILL");
    throw error instanceof EngineFailure
      ? error
      : new EngineFailure(String(error), { cause: error });
  }
}

/**
 * The engine that a chaperone left behind in this run folder; undefined where there is none.
 *
 * One that was started otherwise than it would be now, or that does not call, is ended: its sockets are needed.
 */
export async function takeOverEngine(options: LaunchOptions): Promise<Engine | undefined> {
  const { workspace, onLine } = options;
  const found = await readRecord(workspace.engineRecord);
  if (found === undefined || !(await isRunning(found.identity))) return undefined;
  const { identity, adminPort, plan } = found;
  if (plan !== (await planOf(options))) return end(identity);
  const line = await AdminLine.open(workspace.secret, adminPort).catch(() => undefined);
  if (line === undefined) return end(identity);
  try {
    const client = new AdminClient(line);
    await Promise.race([line.connected(returnTimeout), goneAway(identity)]);
    if ((await client.status()) !== "running") throw new EngineFailure("it has no child");
    const engine = await adoptEngine(identity, workspace.logPipe, onLine);
    return { process: engine, client, close: line.close };
  } catch {
    line.close();
    return end(identity);
  }
}

async function goneAway(identity: ProcessIdentity): Promise<never> {
  await gone(identity);
  throw new EngineFailure("it ended");
}

async function end(identity: ProcessIdentity): Promise<undefined> {
  await signalTo(identity, "SIGTERM");
  const timer = setTimeout(() => void signalTo(identity, "SIGKILL"), endTimeout);
  await gone(identity);
  clearTimeout(timer);
}

/** To be called when an engine has ended for good. */
export async function forgetEngine({
  engineRecord,
  logPipe,
  controlSocket,
}: Workspace): Promise<void> {
  for (const path of [engineRecord, logPipe, controlSocket]) await rm(path, { force: true });
}

function wordsFor(options: LaunchOptions, adminAddress: string): string[] {
  const { workspace, listeners, cacheSize, jail, extra } = options;
  return engineArguments({
    workDirectory: workspace.workDirectory,
    adminAddress,
    secretFile: workspace.secretFile,
    listeners,
    controlSocket: workspace.controlSocket,
    cacheSize,
    ...(jail === undefined ? {} : { jail }),
    ...(extra === undefined ? {} : { extra }),
  });
}

/** Equal for engines that are started the same way with the same VMOD. */
async function planOf(options: LaunchOptions): Promise<string> {
  const { workspace, listeners, asked = listeners, varnishd } = options;
  const vmod = await readFile(join(workspace.vmodFolder, "libvmod_ghost.so"));
  return createHash("sha256")
    .update(JSON.stringify([varnishd, ...wordsFor({ ...options, listeners: asked }, "")]))
    .update(vmod)
    .digest("hex");
}

async function record(
  options: LaunchOptions,
  identity: ProcessIdentity,
  adminPort: number,
): Promise<void> {
  const { listeners, workspace } = options;
  const text = JSON.stringify({ ...identity, adminPort, listeners, plan: await planOf(options) });
  await writeAtomically(workspace.engineRecord, Buffer.from(`${text}\n`));
}

interface EngineRecord {
  readonly identity: ProcessIdentity;
  readonly adminPort: number;
  readonly plan: string;
}

async function readRecord(file: string): Promise<EngineRecord | undefined> {
  const text = await readFile(file, "utf8").catch(() => "null");
  const identity = readIdentity(text);
  if (identity === undefined) return undefined;
  const { adminPort, plan } = JSON.parse(text);
  return typeof adminPort === "number" && typeof plan === "string"
    ? { identity, adminPort, plan }
    : undefined;
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
