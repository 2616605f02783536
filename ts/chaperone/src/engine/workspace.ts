/**
 * The folder an engine lives in: what it reads, what it writes, and the way to talk to it.
 *
 * varnishd's child and compiler run as unprivileged users when it is started as root; they must read the documents, the VCL and
 * the VMOD, and nobody else should, since routes may hold credentials in headers.
 */

import { randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { claimFolder, ownerFile } from "./owner.js";

export interface Workspace {
  readonly folder: string;
  /** varnishd's own (`-n`). */
  readonly workDirectory: string;
  readonly secretFile: string;
  readonly secret: Buffer;
  readonly controlSocket: string;
  /** For the engine's parameter vmod_path. */
  readonly vmodFolder: string;
  readonly vclFolder: string;
  /** The document that the engine reads. */
  readonly routesFile: string;
  /** Name of the endpoints document, beside the routes document. */
  readonly endpointsName: string;
  /** What the next chaperone must know of the engine to take it over. */
  readonly engineRecord: string;
  /** The pipe that varnishd writes its log to. */
  readonly logPipe: string;
  /** Documents that were served. */
  readonly generationsFolder: string;
  /** Where status is asked and orders are given. */
  readonly statusSocket: string;
  readonly tokenFile: string;
  /** Makes a file or folder readable for the engine's users and nobody else. */
  readonly share: (path: string, kind: "file" | "folder") => Promise<void>;
  /** At the end: removes a temporary folder, gives up a lasting one. */
  readonly release: () => Promise<void>;
}

/** Where the run folder is. */
export interface WorkspacePlace {
  /** A temporary one is made in here; the system's folder for temporary files by default. */
  readonly parent?: string;
  /** A lasting one, which outlives the chaperone: with its history, and with an engine that runs on. */
  readonly folder?: string;
}

/** The folder cannot be made, or cannot be used by the engine. */
export class UnusableFolder extends Error {
  override readonly name: string = "UnusableFolder";
}

/** Longest path of a Unix socket on Linux (unix(7)). */
const longestSocketPath = 107;
const secretLength = 32;

/** Makes the folder, or takes the one that is there. Rejects with an UnusableFolder. */
export async function createWorkspace(
  vmod: string,
  place: WorkspacePlace = {},
): Promise<Workspace> {
  const readers = await engineReaders();
  try {
    const folder =
      place.folder === undefined
        ? await temporaryFolder(place.parent ?? (await defaultParent(readers)), readers)
        : await lastingFolder(resolve(place.folder), readers);
    const isLasting = place.folder !== undefined;
    const workspace = layOut(folder, await secretIn(folder), readers, isLasting);
    await fill(workspace, vmod);
    return workspace;
  } catch (error) {
    throw new UnusableFolder(`the run folder cannot be made: ${describe(error)}`, { cause: error });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function temporaryFolder(parent: string, readers: Readers): Promise<string> {
  await mkdir(parent, { recursive: true });
  await requireUsable(parent, join(parent, "ghost-XXXXXX"), readers);
  const folder = await mkdtemp(join(parent, "ghost-"));
  await claimFolder(folder);
  return folder;
}

async function lastingFolder(folder: string, readers: Readers): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  await requireUsable(dirname(folder), folder, readers);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await claimFolder(folder);
  return folder;
}

async function requireUsable(parent: string, folder: string, readers: Readers): Promise<void> {
  const closed = await closedFolder(parent, readers);
  if (closed !== undefined)
    throw new Error(`varnishd's users cannot enter ${closed}; choose another run folder`);
  if (Buffer.byteLength(join(folder, "chaperone.sock")) > longestSocketPath)
    throw new Error(`${folder} is too long a path for a Unix socket; choose another run folder`);
}

/** That of a lasting folder stays, because the engine that may run in it knows it. */
async function secretIn(folder: string): Promise<Buffer> {
  const file = join(folder, "secret");
  const found = await readFile(file).catch(() => Buffer.alloc(0));
  if (found.length === secretLength) return found;
  const secret = randomBytes(secretLength);
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}

function layOut(folder: string, secret: Buffer, readers: Readers, isLasting: boolean): Workspace {
  return {
    folder,
    workDirectory: join(folder, "engine"),
    secretFile: join(folder, "secret"),
    secret,
    controlSocket: join(folder, "ghost.sock"),
    vmodFolder: join(folder, "vmod"),
    vclFolder: join(folder, "vcl"),
    routesFile: join(folder, "routes", "ghost.json"),
    endpointsName: "endpoints.json",
    engineRecord: join(folder, "engine.json"),
    logPipe: join(folder, "engine.log"),
    generationsFolder: join(folder, "generations"),
    statusSocket: join(folder, "chaperone.sock"),
    tokenFile: join(folder, "token"),
    share: sharing(readers),
    release: () =>
      isLasting
        ? rm(join(folder, ownerFile), { force: true })
        : rm(folder, { recursive: true, force: true }),
  };
}

async function fill(workspace: Workspace, vmod: string): Promise<void> {
  const { folder, share } = workspace;
  await share(folder, "folder");
  for (const name of ["vmod", "vcl", "routes"]) {
    await mkdir(join(folder, name), { recursive: true });
    await share(join(folder, name), "folder");
  }
  await mkdir(workspace.generationsFolder, { recursive: true, mode: 0o700 });
  // A copy, because the engine's users may not be able to walk to the original, in somebody's home for example. By rename,
  // because an engine that runs may have the one before mapped.
  const copy = join(workspace.vmodFolder, "libvmod_ghost.so");
  await copyFile(vmod, `${copy}.new`);
  await share(`${copy}.new`, "file");
  await rename(`${copy}.new`, copy);
}

/** Who besides us must read: a group, everybody where the group is not known, nobody where all runs as one user. */
type Readers = number | "everybody" | "nobody";

async function engineReaders(): Promise<Readers> {
  if (process.getuid?.() !== 0) return "nobody";
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  return findEngineGroup(passwd) ?? "everybody";
}

/** Systems that give each user a private temporary folder give root one that varnishd's users cannot enter. */
async function defaultParent(readers: Readers): Promise<string> {
  const isOpen = (await closedFolder(tmpdir(), readers)) === undefined;
  return isOpen ? tmpdir() : "/tmp";
}

/** The first folder on the way to a path that the readers cannot enter; undefined where there is none. */
export async function closedFolder(path: string, readers: Readers): Promise<string | undefined> {
  if (readers === "nobody") return undefined;
  const whole = resolve(path);
  const parent = dirname(whole);
  const above = parent === whole ? undefined : await closedFolder(parent, readers);
  if (above !== undefined) return above;
  const { mode, gid } = await stat(whole);
  return (mode & 0o001) !== 0 || (gid === readers && (mode & 0o010) !== 0) ? undefined : whole;
}

/** Primary group of the users that varnishd's jail takes by default (`-j unix`), from the text of /etc/passwd. */
export function findEngineGroup(passwd: string): number | undefined {
  for (const user of ["vcache", "varnish", "vinyl"]) {
    const group = new RegExp(`^${user}:[^:]*:\\d+:(\\d+):`, "m").exec(passwd)?.[1];
    if (group !== undefined) return Number(group);
  }
  return undefined;
}

function sharing(readers: Readers): Workspace["share"] {
  return async (path, kind) => {
    if (typeof readers === "number") await chown(path, 0, readers);
    await chmod(path, modes[typeof readers === "number" ? "group" : readers][kind]);
  };
}

const modes = {
  nobody: { folder: 0o700, file: 0o600 },
  group: { folder: 0o750, file: 0o640 },
  everybody: { folder: 0o755, file: 0o644 },
} as const;
