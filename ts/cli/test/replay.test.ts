/** Logs of every form, decided again: the counts are those of single decisions, and nothing in a log stops the reading. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadCore } from "@ghost-gateway/core";
import { describe, expect, test } from "vitest";
import { ghostctl, program, repository, show, temporaryFolder } from "./run.js";

const document = join(repository, "examples/ghost.json");
const draw = 0.5;

interface Summary {
  readonly lines: number;
  readonly requests: number;
  readonly unreadable: number;
  readonly changed: number | null;
  readonly complete: boolean;
  readonly decisions: readonly {
    route: string | null;
    rule: string | null;
    service: string | null;
    status: number | null;
    count: number;
  }[];
}

/** Numbers that look random, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const methods = ["GET", "POST", "PUT"];
const hosts = ["shop.example.com", "a.example.com", "SHOP.example.com:80", "other.org"];
const paths = ["/", "/cart", "/cart/1?a=b", "/basket", "/api/users", "/cart%2F", "/../cart", "/é"];

interface Logged {
  readonly method: string;
  readonly url: string;
}

function requests(count: number): Logged[] {
  const random = numbers(5);
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? "";
  return Array.from({ length: count }, () => ({
    method: pick(methods),
    url: `http://${pick(hosts)}${pick(paths)}`,
  }));
}

function lineOf({ method, url }: Logged): string {
  return `10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "${method} ${url} HTTP/1.1" 200 5 "-" "curl/8"`;
}

async function summaryOf(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Summary> {
  const ran = await ghostctl(["replay", ...words, "-c", document, "-o", "json"], { environment });
  expect(ran.code).toBe(0);
  const summary: Summary = JSON.parse(ran.out);
  return summary;
}

describe("counts", () => {
  // The long form of this test asks a million: GHOST_REPLAY_LINES=1000000.
  const count = Number(process.env["GHOST_REPLAY_LINES"] ?? 20_000);

  test(`${count} lines equal single simulates`, { timeout: 600_000 }, async () => {
    const folder = await temporaryFolder();
    const log = join(folder, "access.log");
    const all = requests(count);
    await writeFile(log, all.map((one) => `${lineOf(one)}\n`).join(""));
    const { table } = loadCore().compile({ routes: await readFile(document), file: "ghost.json" });
    const expected = new Map<string, number>();
    for (const request of all) {
      const decision = table?.decide({ ...request, headers: [["user-agent", "curl/8"]] }, { draw });
      const key = `${decision?.route} ${decision?.rule} ${decision?.service} ${decision?.status}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    for (const [workers, engine] of [
      ["1", "napi"],
      ["3", "napi"],
      ["2", "wasm"],
    ] as const) {
      const words = [log, "--draw", String(draw), "--workers", workers];
      const summary = await summaryOf(words, { GHOST_CORE: engine });
      const counted = summary.decisions.map(
        ({ route, rule, service, status, count: times }) =>
          [
            `${route} ${rule} ${service} ${status === null && service === null ? 301 : status}`,
            times,
          ] as const,
      );
      expect(new Map(counted)).toEqual(expected);
      expect(summary).toMatchObject({
        lines: count,
        requests: count,
        unreadable: 0,
        complete: true,
      });
    }
  });

  test("however many workers, the same summary", async () => {
    const folder = await temporaryFolder();
    const log = join(folder, "access.log");
    // More than one piece for each worker.
    await writeFile(
      log,
      requests(60_000)
        .map((one) => `${lineOf(one)}\n`)
        .join(""),
    );
    const other = join(folder, "other.json");
    await writeFile(
      other,
      (await readFile(document, "utf8")).replace('"weight": 1', '"weight": 3'),
    );
    const runs = await Promise.all(
      ["1", "2", "5"].map((workers) =>
        ghostctl([
          "replay",
          log,
          "-c",
          document,
          "--against",
          other,
          "--workers",
          workers,
          "-o",
          "json",
        ]),
      ),
    );
    expect(runs[0]?.code).toBe(1);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    const { changed }: Summary = JSON.parse(runs[0]?.out ?? "");
    // From a tenth to a quarter of the two carts.
    expect(changed).toBeGreaterThan(0);
  });
});

/** One log, in every form; each line is the same request but for those that are none. */
const forms: readonly (readonly [string, string, ...string[]])[] = [
  [
    "combined",
    `${lineOf({ method: "GET", url: "http://shop.example.com/cart" })}\r\n\r\nrubbish\n`,
  ],
  ["common", '1.1.1.1 - - [t] "GET /cart HTTP/1.1" 200 5\n', "--host", "shop.example.com"],
  ["json", '{"method":"GET","host":"shop.example.com","path":"/cart"}\n{"a":1}\n'],
  ["custom", "shop.example.com GET /cart\n", "--format", "%v %m %U"],
  ["nginx", "GET|/cart|shop.example.com\n", "--format", "$request_method|$request_uri|$host"],
  [
    "varnishlog",
    "*   << Request  >> 3\n-   Begin          req 2 rxreq\n-   ReqMethod      GET\n-   ReqURL         /cart\n-   ReqHeader      Host: shop.example.com\n-   VCL_call       RECV\n-   ReqURL         /changed\n-   End\n\n",
  ],
  [
    "binary",
    Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)).toString(
      "latin1",
    ),
  ],
];

test.each(forms)("form: %s", async (name, text, ...words) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "log"), text, "latin1");
  await writeFile(join(folder, "log.gz"), gzipSync(Buffer.from(text, "latin1")));
  const run = (file: string) =>
    ghostctl(["replay", file, "-c", document, "--draw", "0", ...words], { folder });
  const [plain, packed] = await Promise.all([run("log"), run("log.gz")]);
  expect(packed).toEqual(plain);
  await expect(show(plain)).toMatchFileSnapshot(`snapshots/replay-${name}.txt`);
});

describe("what goes wrong", () => {
  test("a damaged archive", async () => {
    const folder = await temporaryFolder();
    const bytes = gzipSync(Buffer.from(requests(5000).map(lineOf).join("\n")));
    await writeFile(join(folder, "log.gz"), bytes.subarray(0, bytes.length / 2));
    const ran = await ghostctl(["replay", "log.gz", "-c", document], { folder });
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(/^error: log\.gz is damaged: /);
  });

  test("a folder instead of a file", async () => {
    const ran = await ghostctl(["replay", "examples", "-c", document]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("examples cannot be read");
  });

  test("a full disk", async () => {
    const child = spawn(
      "sh",
      [
        "-c",
        `exec "$0" "$1" replay README.md -c "$2" -o json > /dev/full`,
        process.execPath,
        program,
        document,
      ],
      { cwd: repository, stdio: ["ignore", "ignore", "pipe"] },
    );
    let words = "";
    child.stderr.on("data", (piece: Buffer) => (words += piece.toString("utf8")));
    const [code] = await once(child, "close");
    expect(code).toBe(3);
    expect(words).toContain("the output cannot be written");
  });

  test("the limit of changes", async () => {
    const folder = await temporaryFolder();
    const lines = [...Array.from({ length: 999 }, () => "/cart"), "/basket"].map((path) =>
      lineOf({ method: "GET", url: `http://shop.example.com${path}` }),
    );
    await writeFile(join(folder, "log"), lines.join("\n"));
    await writeFile(
      join(folder, "b.json"),
      (await readFile(document, "utf8")).replace('"/basket"', '"/x"'),
    );
    const run = (share: string) =>
      ghostctl(["replay", "log", "-c", document, "--against", "b.json", "--fail-above", share], {
        folder,
      });
    const [below, above] = await Promise.all([run("0.1%"), run("0.0009")]);
    expect([below.code, above.code]).toEqual([0, 1]);
    expect(below.out).toContain("1 of 1000 requests are decided differently (0.10 %)");
    expect(below.out).toContain("line 1000: GET http://shop.example.com/basket");
  });
});

test("Ctrl-C prints what was counted, from a log without an end", async () => {
  const child = spawn(process.execPath, [program, "replay", "-", "-c", document, "-o", "json"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const pieces = { out: "", err: "" };
  child.stdout.on("data", (piece: Buffer) => (pieces.out += piece.toString("utf8")));
  child.stderr.on("data", (piece: Buffer) => (pieces.err += piece.toString("utf8")));
  child.stdin.on("error", () => undefined);
  // Twice what fits into pipe, pieces and queues: once it is taken, something was counted.
  const block = `${requests(20_000).map(lineOf).join("\n")}\n`;
  const enough = 24;
  for (let index = 0; index < enough; index += 1)
    if (!child.stdin.write(block)) await once(child.stdin, "drain");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect(code).toBe(130);
  const summary: Summary = JSON.parse(pieces.out);
  expect(summary.complete).toBe(false);
  expect(summary.requests).toBeGreaterThan(0);
  expect(pieces.err).toMatch(/interrupted after \d+ requests/);
});
