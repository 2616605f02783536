import { once } from "node:events";
import { request } from "node:http";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";

const program = new URL("../bin/ghostctl.js", import.meta.url).pathname;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function start(): Promise<{ url: URL; end: (signal: NodeJS.Signals) => Promise<unknown> }> {
  const child = spawn(process.execPath, [program, "playground", "--listen", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  ends.push(() => child.kill("SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const end = async (signal: NodeJS.Signals): Promise<unknown> => {
    const ended = once(child, "exit");
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  };
  return { url: new URL(line), end };
}

/** Sends the path as it is written: URL parsers would take the dots out. */
async function ask(
  url: URL,
  path: string,
  method = "GET",
): Promise<{ status: number; type: string; body: string }> {
  const asked = request({ host: url.hostname, port: url.port, path, method }).end();
  const [response] = await once(asked, "response");
  let body = "";
  for await (const piece of response) body += String(piece);
  return { status: response.statusCode, type: response.headers["content-type"] ?? "", body };
}

test("the page and what it names are served, and nothing else", async () => {
  const { url, end } = await start();
  const page = await ask(url, "/");
  expect([page.status, page.type]).toEqual([200, "text/html; charset=utf-8"]);
  const scripts = [...page.body.matchAll(/src="\.(\/assets\/[^"]+\.js)"/g)].map(
    ([, path]) => path ?? "",
  );
  expect(scripts).not.toEqual([]);
  for (const script of scripts) expect((await ask(url, script)).status).toBe(200);
  for (const path of [
    "/../package.json",
    "/%2e%2e/package.json",
    "//etc/passwd",
    "/assets",
    "/index.html/",
  ])
    expect([path, (await ask(url, path)).status]).toEqual([path, 404]);
  expect((await ask(url, "/", "POST")).status).toBe(405);
  expect((await ask(url, "/", "HEAD")).body).toBe("");
  expect(await end("SIGINT")).toBe(0);
});
