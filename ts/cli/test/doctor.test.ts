/** doctor, on a machine that is fine and on ten that are not. Each breakage is seeded alone, and has to be found by name. */

import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ghostctl, repository, temporaryFolder } from "./run.js";
import type { Ran } from "./run.js";

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly message: string;
  readonly help: string;
}

interface Seeded {
  readonly words?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** A folder with a good configuration whose endpoint answers, and a free port to listen on. */
async function machine(): Promise<{ folder: string; words: string[]; taken: number }> {
  const folder = await temporaryFolder();
  const server = createServer((socket) => socket.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port: taken } = server.address() as AddressInfo;
  const text = await readFile(join(repository, "examples/ghost.json"), "utf8");
  await writeFile(join(folder, "ghost.json"), text.replaceAll(/900\d/g, String(taken)));
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  other.close();
  await once(other, "close");
  return { folder, words: ["--listen", `127.0.0.1:${port}`], taken };
}

function findingsOf({ out }: Ran): Finding[] {
  const findings: Finding[] = JSON.parse(out);
  return findings;
}

test("a machine that is fine", async () => {
  const { folder, words } = await machine();
  const ran = await ghostctl(["doctor", "-o", "json", ...words], { folder });
  expect(findingsOf(ran).filter(({ state }) => state !== "ok")).toEqual([]);
  expect(ran).toMatchObject({ code: 0, err: "everything is fine\n" });
});

/** Breaks something in a folder, and says how doctor is to be asked. */
type Breakage = (folder: string, taken: number) => Promise<Seeded>;

const breakages: readonly (readonly [string, string, string, Breakage])[] = [
  [
    "an unknown engine of the core",
    "core",
    "error",
    async () => ({ environment: { GHOST_CORE: "rust" } }),
  ],
  [
    "no varnishd",
    "varnishd",
    "error",
    async () => ({ words: ["--varnishd", "/nowhere/varnishd"] }),
  ],
  [
    "an old varnishd",
    "varnishd",
    "error",
    async (folder) => {
      const file = join(folder, "varnishd");
      await writeFile(file, "#!/bin/sh\necho 'varnishd (varnish-6.0.13 revision x)' >&2\n", {
        mode: 0o755,
      });
      return { words: ["--varnishd", file] };
    },
  ],
  [
    "no C compiler",
    "c compiler",
    "error",
    async (folder) => {
      // Shells and varnishd, but no compiler. The system's folders are asked too, so they are hidden by these.
      for (const name of ["cc", "gcc"])
        await writeFile(join(folder, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      return { environment: { PATH: `${folder}:${process.env["PATH"]}` } };
    },
  ],
  [
    "no VMOD",
    "vmod",
    "error",
    async () => ({ environment: { GHOST_VMOD: "/nowhere/libvmod_ghost.so" } }),
  ],
  [
    "a VMOD that is no library",
    "vmod abi",
    "error",
    async (folder) => {
      await mkdir(join(folder, "vmod"));
      const library = join(folder, "vmod", "libvmod_ghost.so");
      await writeFile(library, "rubbish");
      await chmod(folder, 0o755);
      await copyFile(
        join(repository, "crates/ghost-vmod/vcl/ghost.vcl"),
        join(folder, "vmod", "ghost.vcl"),
      );
      return { environment: { GHOST_VMOD: library } };
    },
  ],
  [
    "a broken configuration",
    "configuration",
    "error",
    async (folder) => {
      await writeFile(
        join(folder, "ghost.json"),
        '{ "version": 1, "routes": [{ "name": "r", "hostnames": ["a b"] }] }',
      );
      return {};
    },
  ],
  ["no configuration", "configuration", "error", async () => ({ words: ["-c", "missing.json"] })],
  [
    "an endpoint where nobody answers",
    "endpoints",
    "warning",
    async (folder) => {
      const text = await readFile(join(folder, "ghost.json"), "utf8");
      await writeFile(join(folder, "ghost.json"), text.replace(/"port": \d+/, '"port": 1'));
      return {};
    },
  ],
  [
    "a port that is taken",
    "listen",
    "error",
    async (_folder, taken) => ({ words: ["--listen", `127.0.0.1:${taken}`] }),
  ],
  [
    "no run folder",
    "run folder",
    "error",
    async (folder) => {
      await symlink("nowhere", join(folder, "run"));
      return { words: ["--run-folder", join(folder, "run")] };
    },
  ],
  [
    "a chaperone that died",
    "run folder owner",
    "warning",
    async (folder) => {
      await mkdir(join(folder, "run"));
      // The highest that a process can have, and never has.
      await writeFile(join(folder, "run", "chaperone.json"), '{"pid": 4194304, "startTime": 1}');
      return { words: ["--run-folder", join(folder, "run")] };
    },
  ],
  [
    "a token that everybody may read",
    "permissions",
    "error",
    async (folder) => {
      await mkdir(join(folder, "run"));
      await writeFile(join(folder, "run", "token"), "secret", { mode: 0o644 });
      return { words: ["--run-folder", join(folder, "run")] };
    },
  ],
  [
    "a cluster that cannot be reached",
    "cluster",
    "error",
    async (folder) => {
      const file = join(folder, "kubeconfig");
      await writeFile(
        file,
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{ name: a, context: { cluster: a, user: a } }]\nclusters: [{ name: a, cluster: { server: 'http://127.0.0.1:1' } }]\nusers: [{ name: a, user: {} }]\n",
      );
      return { words: ["--cluster", "--kubeconfig", file] };
    },
  ],
];

test.each(breakages)("%s", async (_name, check, state, seed) => {
  const { folder, words, taken } = await machine();
  const seeded = await seed(folder, taken);
  const ran = await ghostctl(["doctor", "-o", "json", ...words, ...(seeded.words ?? [])], {
    folder,
    ...(seeded.environment === undefined ? {} : { environment: seeded.environment }),
  });
  const found = findingsOf(ran).filter(
    (finding) => finding.check === check && finding.state === state,
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.help).not.toBe("");
  expect(ran.code).toBe(state === "error" ? 1 : 0);
});
