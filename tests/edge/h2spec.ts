// Runs h2spec in its strict mode against ghost-edge. Ends with "N passed, N failed".
//
//	node tests/edge/h2spec.ts
//
// GHOST_EDGE is the binary. h2spec is built once into .cache/tools by `go install`, at the version below.

import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { Edge, certificate, folder, freePort, upstream, workspace } from "./edge.ts";
import { backend, body } from "./forwarding.ts";

const VERSION = "v2.2.1+incompatible";
const MODULE = "github.com/summerwind/h2spec/cmd/h2spec";

function tool(): string {
  const folder = join(workspace, ".cache/tools/bin");
  const binary = join(folder, "h2spec");
  if (!existsSync(binary)) {
    execFileSync("go", ["install", `${MODULE}@${VERSION}`], {
      env: { ...process.env, GOBIN: folder },
      stdio: "inherit",
    });
  }
  return binary;
}

const ends: (() => Promise<void> | void)[] = [];
const after = (end: () => Promise<void> | void): void => void ends.push(end);
const origin = await backend(after, async (asked, answer) => {
  await body(asked).catch(() => undefined);
  answer.end("hello");
});
const port = await freePort();
const at = folder(after);
// Over TLS: on a plain listener bytes that are no preface are HTTP/1.1's, which answers them.
const tls = certificate(at, "localhost", ["localhost"]);
const listener = { name: "https", protocol: "https", address: "127.0.0.1", port, tls };
await Edge.start(after, { listeners: [listener], upstream: upstream([origin.port]) }, at);
const words = ["--strict", "-t", "-k", "-h", "127.0.0.1", "-p", String(port), "--timeout", "3"];
const stdout = await output(tool(), words);
const total = /(\d+) tests, (\d+) passed, (\d+) skipped, (\d+) failed/.exec(stdout);
const [passed, skipped, failed] = [
  Number(total?.[2] ?? 0),
  Number(total?.[3] ?? 0),
  Number(total?.[4] ?? 1),
];
if (failed > 0 || skipped > 0 || passed === 0) console.log(stdout);
for (const end of ends.toReversed()) await end();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** The backend lives in this process, so nothing here may block. */
async function output(command: string, given: string[]): Promise<string> {
  const child = spawn(command, given, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (text += piece.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  return text;
}
