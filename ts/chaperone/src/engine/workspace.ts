/**
 * The folder an engine lives in: what it reads, what it writes, and the way to talk to it.
 *
 * varnishd's child and compiler run as unprivileged users when it is started as root; they must read the documents, the VCL and
 * the VMOD, and nobody else should, since routes may hold credentials in headers.
 */

import { randomBytes } from "node:crypto";
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
  /** Makes a file or folder readable for the engine's users and nobody else. */
  readonly share: (path: string, kind: "file" | "folder") => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Longest path of a Unix socket on Linux (unix(7)). */
const longestSocketPath = 107;

/** Makes the folder inside `parent`, by default the system's folder for temporary files. */
export async function createWorkspace(vmod: string, parent: string = tmpdir()): Promise<Workspace> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "ghost-"));
  const controlSocket = join(folder, "ghost.sock");
  if (Buffer.byteLength(controlSocket) > longestSocketPath) {
    await rm(folder, { recursive: true });
    throw new Error(`${parent} is too long a path for a Unix socket; choose another run folder`);
  }
  const share = sharing(await engineGroup());
  const secret = randomBytes(32);
  const workspace: Workspace = {
    folder,
    workDirectory: join(folder, "engine"),
    secretFile: join(folder, "secret"),
    secret,
    controlSocket,
    vmodFolder: join(folder, "vmod"),
    vclFolder: join(folder, "vcl"),
    routesFile: join(folder, "routes", "ghost.json"),
    endpointsName: "endpoints.json",
    share,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await fill(workspace, vmod);
  return workspace;
}

async function fill(workspace: Workspace, vmod: string): Promise<void> {
  const { folder, share } = workspace;
  await share(folder, "folder");
  await writeFile(workspace.secretFile, workspace.secret, { mode: 0o600 });
  for (const name of ["vmod", "vcl", "routes"]) {
    await mkdir(join(folder, name));
    await share(join(folder, name), "folder");
  }
  // A copy, because the engine's users may not be able to walk to the original, in somebody's home for example.
  const copy = join(workspace.vmodFolder, "libvmod_ghost.so");
  await copyFile(vmod, copy);
  await share(copy, "file");
}

/** The group to share with; undefined where everything runs as one user. */
async function engineGroup(): Promise<number | "everybody" | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  return findEngineGroup(passwd) ?? "everybody";
}

/** Primary group of the users that varnishd's jail takes by default (`-j unix`), from the text of /etc/passwd. */
export function findEngineGroup(passwd: string): number | undefined {
  for (const user of ["vcache", "varnish", "vinyl"]) {
    const group = new RegExp(`^${user}:[^:]*:\\d+:(\\d+):`, "m").exec(passwd)?.[1];
    if (group !== undefined) return Number(group);
  }
  return undefined;
}

function sharing(group: number | "everybody" | undefined): Workspace["share"] {
  return async (path, kind) => {
    if (typeof group === "number") await chown(path, 0, group);
    const [whole, shared, open] = kind === "folder" ? [0o700, 0o750, 0o755] : [0o600, 0o640, 0o644];
    await chmod(path, group === undefined ? whole : typeof group === "number" ? shared : open);
  };
}
