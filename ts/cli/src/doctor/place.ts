/** The folder, the ports and the endpoints that a run will use. */

import { access, constants, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { error, messageOf, ok, skipped, warning } from "./finding.js";
import type { Finding } from "./finding.js";

/** Whether a run folder can be made or used, and whether a chaperone left it behind. */
export async function checkRunFolder(folder: string | undefined): Promise<Finding[]> {
  const parent = folder ?? tmpdir();
  const writable = await checkWritable(parent);
  if (folder === undefined || writable.state === "error") return [writable];
  return [writable, await checkOwner(folder), ...(await checkModes(folder))];
}

async function checkWritable(folder: string): Promise<Finding> {
  const check = "run folder";
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const probe = await mkdtemp(join(folder, ".ghostctl-doctor-"));
    await rm(probe, { recursive: true });
    return ok(check, `${folder} can be written`);
  } catch (thrown) {
    return error(
      check,
      `${folder} cannot be used: ${messageOf(thrown)}`,
      "name a folder of yours with --run-folder, or make this one writable",
    );
  }
}

async function checkOwner(folder: string): Promise<Finding> {
  const check = "run folder owner";
  const text = await readFile(join(folder, "chaperone.json"), "utf8").catch(() => undefined);
  if (text === undefined) return ok(check, "nobody's");
  const pid = pidOf(text);
  if (pid === undefined)
    return error(
      check,
      "chaperone.json cannot be read",
      "remove it when no chaperone uses the folder",
    );
  if (isAlive(pid)) return ok(check, `chaperone ${pid} runs`);
  return warning(
    check,
    `chaperone ${pid} is gone and left the folder as it was`,
    "start it again with the same folder; it takes over what is there",
  );
}

function pidOf(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const pid =
      typeof value === "object" && value !== null && "pid" in value
        ? Number(value.pid)
        : Number.NaN;
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Files that give orders to whoever may read them. */
async function checkModes(folder: string): Promise<Finding[]> {
  const check = "permissions";
  const open: string[] = [];
  for (const name of ["token", "secret", "chaperone.sock", "ghost.sock"]) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    if (entry !== undefined && (entry.mode & 0o007) !== 0) open.push(name);
  }
  return [
    open.length === 0
      ? ok(check, "secrets and sockets are its owner's")
      : error(
          check,
          `everybody may open ${open.join(", ")} in ${folder}`,
          `chmod o-rwx ${open.join(" ")}`,
        ),
  ];
}

/** Whether an address can be listened on. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  const check = "listen";
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ host, port, exclusive: true }, resolve);
  try {
    await promise;
    return ok(check, `${host}:${port} is free`);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const help =
      code === "EADDRINUSE"
        ? "end the program that listens there, or choose another address with --listen"
        : "choose another address with --listen; ports below 1024 need a right";
    return error(check, `${host}:${port} cannot be listened on: ${messageOf(thrown)}`, help);
  } finally {
    server.close();
  }
}

/** Milliseconds for a connection. */
const patience = 1000;
/** Endpoints that are tried. */
const mostTried = 64;

/** Whether somebody answers at the endpoints. */
export async function checkEndpoints(addresses: readonly string[]): Promise<Finding> {
  const check = "endpoints";
  const tried = [...new Set(addresses)].slice(0, mostTried);
  if (tried.length === 0) return skipped(check, "the configuration has none");
  const answers = await Promise.all(tried.map(isReachable));
  const silent = tried.filter((_, index) => answers[index] !== true);
  if (silent.length === 0) return ok(check, `${tried.length} of ${addresses.length} answer`);
  const shown = silent.slice(0, 3).join(", ");
  return warning(
    check,
    `${silent.length} of ${tried.length} do not answer: ${shown}${silent.length > 3 ? ", ..." : ""}`,
    "start the services, or take the endpoints out",
  );
}

async function isReachable(address: string): Promise<boolean> {
  const [, host = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(address) ?? [];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection({ host, port: Number(port), timeout: patience });
  socket.once("connect", () => resolve(true));
  socket.once("error", () => resolve(false));
  socket.once("timeout", () => resolve(false));
  const isThere = await promise;
  socket.destroy();
  return isThere;
}
