// Start, reload, drain, end: what changes while requests are on their way.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";

import { Edge, binary, folder, freePort, plain, upstream } from "./edge.ts";
import type { Test } from "./edge.ts";
import { ask, backend } from "./forwarding.ts";

function command(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(binary(), words, { encoding: "utf8", timeout: 20_000 });
}

export const life: Record<string, Test> = {
  "exit codes of the command line": async (after) => {
    const at = folder(after);
    match(command("version").stdout, /^ghost-edge \d+\.\d+\.\d+\n$/);
    equal(command("--nonsense").status, 2);
    equal(command("check", "--config", join(at, "none.toml")).status, 3);
    writeFileSync(join(at, "bad.yaml"), "upstream: { a: { backends: [ { address: '' } ] } }\n");
    const refused = command("--check", "--config", join(at, "bad.yaml"));
    deepEqual([refused.status, /bad\.yaml:1:\d+: error\[GH\d+\]/.test(refused.stderr)], [3, true]);
    equal(command("run", "--config", join(at, "bad.yaml")).status, 3);
    const port = await freePort();
    writeFileSync(
      join(at, "good.json"),
      JSON.stringify({ listeners: [plain(port)], upstream: upstream([1]) }),
    );
    equal(command("check", "--config", join(at, "good.json")).status, 0);
  },

  "an address in use ends the start with 1": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end());
    const at = folder(after);
    const configuration = {
      listeners: [plain(origin.port)],
      upstream: upstream([1]),
      metrics: { enabled: false },
      admin: { enabled: false },
    };
    writeFileSync(join(at, "edge.json"), JSON.stringify(configuration));
    equal(command("run", "--config", join(at, "edge.json")).status, 1);
  },

  "a drain lets requests end, over both versions, and exits with 0": async (after) => {
    const ends: (() => void)[] = [];
    const origin = await backend(after, (asked, answer) => {
      if (asked.url === "/hold") ends.push(() => answer.end("whole"));
      else answer.end("at once");
    });
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
    });
    const first = ask(port, { path: "/hold" });
    first.catch(() => {});
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    after(() => session.destroy());
    const stream = session.request({ ":path": "/hold" });
    await edge.until(() => ends.length === 2);
    const away = once(session, "goaway");
    const ended = edge.stop();
    await edge.until(() => edge.said.includes("draining"));
    await away;
    await edge.until(async () => (await ask(port).catch(() => undefined)) === undefined);
    // Read from now on: a session that ends takes what nobody has read yet with it.
    const read = (async (): Promise<Buffer> => {
      const pieces: Buffer[] = [];
      for await (const piece of stream) pieces.push(piece as Buffer);
      return Buffer.concat(pieces);
    })();
    for (const end of ends) end();
    const response = await first;
    deepEqual([response.bytes.toString(), response.headers.connection], ["whole", "close"]);
    equal((await read).toString(), "whole");
    equal(await ended, 0);
  },

  "a drain that takes too long is cut short and exits with 5": async (after) => {
    const arrived = { count: 0 };
    const origin = await backend(after, () => void (arrived.count += 1));
    const port = await freePort();
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      drain_timeout: "300ms",
    });
    const cut = ask(port).catch(() => "cut");
    await edge.until(() => arrived.count === 1);
    equal(await edge.stop(), 5);
    equal(await cut, "cut");
  },

  "listeners come and go while others serve": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end("here"));
    const [first, second] = [await freePort(), await freePort()];
    const configuration = (...ports: number[]): object => ({
      listeners: ports.map((port) => plain(port)),
      upstream: upstream([origin.port]),
    });
    const edge = await Edge.start(after, { ...configuration(first) });
    await edge.reload({ ...configuration(first, second) });
    equal((await ask(second)).bytes.toString(), "here");
    await edge.reload({ ...configuration(second) });
    equal((await ask(second)).bytes.toString(), "here");
    await edge.until(async () => (await ask(first).catch(() => undefined)) === undefined);
  },

  "a changed file is put into use, a broken one is not": async (after) => {
    const [one, two] = await Promise.all(
      ["one", "two"].map((word) => backend(after, (_asked, answer) => answer.end(word))),
    );
    const port = await freePort();
    const state_directory = folder(after);
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([one?.port ?? 0]),
      state_directory,
    });
    const file = join(edge.folder, "edge.json");
    const text = readFileSync(file, "utf8");
    const write = (changed: string): void => {
      writeFileSync(`${file}.new`, changed);
      renameSync(`${file}.new`, file);
    };
    write(text.replace(`:${one?.port}`, `:${two?.port}`));
    await edge.until(async () => (await ask(port)).bytes.toString() === "two");
    equal(await edge.metric("ghost_edge_generation"), 2);
    write("{ broken");
    await edge.until(() => edge.said.includes("configuration is refused"));
    equal((await ask(port)).bytes.toString(), "two");
    ok(readFileSync(join(state_directory, "last-good"), "utf8").includes(`:${two?.port}`));
    equal(await edge.stop(), 0);
  },

  "the access log is opened again on SIGUSR1": async (after) => {
    const origin = await backend(after, (_asked, answer) => answer.end("x"));
    const [port, at] = [await freePort(), folder(after)];
    const log = join(at, "access.log");
    const edge = await Edge.start(after, {
      listeners: [plain(port)],
      upstream: upstream([origin.port]),
      access_log: { output: log },
    });
    const lines = (): string => {
      try {
        return readFileSync(log, "utf8");
      } catch {
        return "";
      }
    };
    await ask(port, { path: "/first" });
    await edge.until(() => lines().includes("/first"));
    renameSync(log, `${log}.1`);
    edge.process.kill("SIGUSR1");
    await edge.until(() => {
      ask(port, { path: "/second" }).catch(() => {});
      return lines().includes("/second");
    });
    const line: Record<string, unknown> = JSON.parse(lines().split("\n")[0] ?? "");
    equal(line["status"], 200);
    equal(line["route"], "HTTPRoute/upstream/all");
    match(String(line["id"]), /^1-[0-9a-f]{8}-[0-9a-f]{8}$/);
  },

  "reloads and backend changes under load lose and misroute nothing": async (after) => {
    const requests = Number(process.env["GHOST_EDGE_REQUESTS"] ?? 6_000);
    const origins = await Promise.all(
      ["a", "b"].map((word) =>
        backend(after, (asked, answer) => answer.end(`${word} ${asked.url}`)),
      ),
    );
    const port = await freePort();
    const configuration = (round: number): object => ({
      listeners: [plain(port)],
      upstream: upstream([origins[round % 2]?.port ?? 0]),
      drain_timeout: `${(round % 5) + 1}s`,
    });
    const edge = await Edge.start(after, { ...configuration(0) });
    let [sent, right, over] = [0, 0, false];
    const wrong: string[] = [];
    const client = async (): Promise<void> => {
      while (sent < requests) {
        const path = `/${(sent += 1)}`;
        try {
          const text = await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
          if (text === `a ${path}` || text === `b ${path}`) right += 1;
          else wrong.push(text);
        } catch (error) {
          wrong.push(String(error));
        }
      }
    };
    const changes = (async (): Promise<void> => {
      for (let round = 1; !over; round += 1) await edge.reload({ ...configuration(round) });
    })();
    await Promise.all(Array.from({ length: 16 }, client));
    over = true;
    await changes;
    deepEqual([wrong, right], [[], sent]);
    ok((await edge.metric("ghost_edge_generation")) > 5);
  },
};
