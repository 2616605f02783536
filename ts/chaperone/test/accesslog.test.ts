/** The access log of the real engine. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serveHttp, start, temporaryFolder } from "./engine.js";

test("a line of JSON for each request, over the end of an engine", async () => {
  const port = await serveHttp((_request, response) => response.end("here"));
  const folder = await temporaryFolder();
  const [file, accessLog] = [join(folder, "ghost.json"), join(folder, "access.log")];
  await writeFile(
    file,
    JSON.stringify({
      version: 1,
      routes: [{ name: "all", rules: [{ backends: [{ service: "s" }] }] }],
      services: { s: { endpoints: [{ address: "127.0.0.1", port }] } },
    }),
  );
  const listen = [{ address: "127.0.0.1:0" }];
  const running = start({ source: { kind: "document", file }, listen, accessLog });
  const { listeners, pid } = await running.next("ready");
  const lines = async (): Promise<{ url: string; userAgent: string; status: number }[]> => {
    const text = await readFile(accessLog, "utf8").catch(() => "");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
  // varnishncsa shows what comes after it has begun to read.
  const logged = async (path: string): Promise<void> =>
    expect
      .poll(
        async () => {
          const headers = { "user-agent": 'a "quoted" \\ one' };
          await fetch(`http://127.0.0.1:${listeners[0]?.port}${path}`, { headers });
          return (await lines()).find(({ url }) => url === path);
        },
        { timeout: 20_000, interval: 300 },
      )
      .toMatchObject({ status: 200, userAgent: 'a "quoted" \\ one' });
  await logged("/first");
  process.kill(pid, "SIGKILL");
  await running.next("ready");
  await logged("/second");
});
