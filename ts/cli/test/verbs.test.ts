/** What the verbs that ask and check print, recorded in snapshots/; on terminals of several widths, with colours and without. */

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ghostctl, program, repository, show, temporaryFolder } from "./run.js";

const document = "examples/ghost.json";
const cart = "http://shop.example.com/cart";
const logLine = '1.1.1.1 - - [t] "POST http://shop.example.com/cart HTTP/1.1" 200 5 "-" "curl/8"';

/** Name of the snapshot, then the words. */
const cases: readonly (readonly [string, ...string[]])[] = [
  ["explain", "explain", "-c", document, cart],
  ["explain-all", "explain", "-c", document, "--all", "http://a.example.com/api"],
  ["explain-json", "explain", "-c", document, "-o", "json", "http://example.org/"],
  ["explain-manifests", "explain", "-f", "examples/gateway-api", cart],
  ["graph-dot", "graph", "-c", document, "-o", "dot"],
  ["graph-mermaid", "graph", "-f", "examples/gateway-api"],
  ["graph-svg", "graph", "-c", document, "-o", "svg"],
  ["translate-ghost", "translate", "-f", "examples/gateway-api"],
  ["translate-ir", "translate", "-c", document, "--to", "ir", "-o", "yaml"],
  ["translate-routes", "translate", "-c", document, "--to", "routes"],
  ["translate-status", "translate", "-f", "examples/gateway-api", "--to", "status"],
  ["translate-status-of-document", "translate", "-c", document, "--to", "status"],
  ["translate-vcl", "translate", "--to", "vcl", "--vcl", "/etc/ghost/my.vcl"],
  ["fmt", "fmt", document],
  ["fmt-check", "fmt", "--check", document],
  ["fmt-missing", "fmt", "missing.json"],
  ["simulate-times", "simulate", "-c", document, "--times", "1000", cart],
  ["simulate-times-json", "simulate", "-c", document, "--times", "10", "-o", "json", cart],
  ["simulate-yaml", "simulate", "-c", document, "-o", "yaml", cart],
  ["simulate-curl", "simulate", "-c", document, "--curl", `curl -sS '${cart}' -H 'x: y' -d a=b`],
  ["simulate-log-line", "simulate", "-c", document, "--from-log", logLine],
  ["usage-bad-log-line", "simulate", "-c", document, "--from-log", "rubbish"],
  ["usage-bad-log-format", "simulate", "-c", document, "--from-log", "x", "--log-format", "clf"],
  ["usage-bad-curl", "simulate", "-c", document, "--curl", "wget http://a/"],
  ["usage-two-requests", "simulate", "-c", document, "--curl", "curl a", cart],
  ["usage-bad-times", "simulate", "-c", document, "--times", "0", cart],
  ["usage-bad-against", "simulate", "-c", document, "--against", "nowhere", cart],
  ["simulate-against-nobody", "simulate", "-c", document, "--against", "127.0.0.1:1", cart],
  ["usage-context-without-cluster", "simulate", "-c", document, "--context", "a", cart],
  ["simulate-no-kubeconfig", "simulate", "--cluster", "--kubeconfig", "missing", cart],
  ["usage-replay-missing", "replay", "missing.log", "-c", document],
  ["usage-replay-format", "replay", "README.md", "-c", document, "--format", "clf"],
  ["usage-replay-share", "replay", "README.md", "-c", document, "--fail-above", "much"],
  ["usage-replay-workers", "replay", "README.md", "-c", document, "--workers", "0"],
  ["replay-nothing", "replay", "/dev/null", "-c", document],
  ["diff-same", "diff", document, document],
  ["usage-diff-missing", "diff", document, "missing.json"],
  ["usage-diff-one", "diff", document],
  ["usage-test-missing", "test", "missing.yaml"],
  ["status-nobody", "status", "--run-folder", "missing"],
  ["history-nobody", "history", "--address", "127.0.0.1:1"],
  ["rollback-bad-number", "rollback", "some"],
  ["help-errors", "help", "errors"],
  ["help-code", "help", "gh0107"],
  ["help-unknown", "help", "GH9999"],
  ["help-replay", "help", "replay"],
  ["completion-bash", "completion", "bash"],
  ["completion-fish", "completion", "fish"],
  ["completion-zsh", "completion", "zsh"],
  ["usage-completion", "completion", "csh"],
  ["man", "man"],
  ["man-replay", "man", "replay"],
  ["check-github", "check", "-o", "github", document],
];

test.each(cases)("%s", async (name, ...words) => {
  await expect(show(await ghostctl(words))).toMatchFileSnapshot(`snapshots/${name}.txt`);
});

describe("the terminal's width", () => {
  test.each(["60", "200"])("%s columns", async (columns) => {
    const environment = { COLUMNS: columns };
    const ran = await Promise.all(
      [["explain", "-c", document, cart], ["replay", "--help"], ["help"]].map((words) =>
        ghostctl(words, { environment }),
      ),
    );
    const text = ran.map(show).join("\n");
    await expect(text).toMatchFileSnapshot(`snapshots/width-${columns}.txt`);
    const tree = ran[0]?.out.split("\n") ?? [];
    expect(Math.max(...tree.map((line) => Array.from(line).length))).toBeLessThanOrEqual(
      Number(columns),
    );
  });

  test("on a terminal, in colours", async () => {
    const words = ["explain", "-c", document, cart];
    const ran = await ghostctl(words, { environment: { FORCE_COLOR: "1", COLUMNS: "200" } });
    await expect(show(ran)).toMatchFileSnapshot("snapshots/explain-colours.txt");
    const plain = await ghostctl(words, { environment: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(plain.out).not.toContain("\u001b");
  });
});

describe("diff", () => {
  async function changed(change: (text: string) => string, ...words: string[]) {
    const folder = await temporaryFolder();
    const before = await readFile(join(repository, document), "utf8");
    await writeFile(join(folder, "before.json"), before);
    await writeFile(join(folder, "after.json"), change(before));
    return ghostctl(["diff", ...words, "before.json", "after.json"], { folder });
  }

  test.each([
    ["service", (text: string) => text.replace("shop/front:80", "shop/cart:80")],
    ["weight", (text: string) => text.replace('"weight": 1', '"weight": 6')],
    ["rule-gone", (text: string) => text.replace('"/basket"', '"/trolley"')],
    ["renamed", (text: string) => text.replace('"name": "cart"', '"name": "trolley"')],
    ["host", (text: string) => text.replace('"shop.example.com"', '"shop.example.org"')],
    ["status", (text: string) => text.replace("301", "308")],
  ])("%s", async (name, change) => {
    const ran = await changed(change);
    expect(ran.code).toBe(1);
    await expect(show(ran)).toMatchFileSnapshot(`snapshots/diff-${name}.txt`);
  });

  test("against what comes through a pipe", async () => {
    const command = `sed s/301/308/ ${document} | "$0" "$1" diff ${document} -`;
    const words = ["-c", command, process.execPath, program];
    const ran = await promisify(execFile)("sh", words, { cwd: repository }).catch(
      (error: unknown) => error as { code: number; stdout: string },
    );
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stdout).toContain("moves from 301");
  });

  test("order and spaces make no difference", async () => {
    const ran = await changed((text) => {
      const value: { routes: unknown[] } = JSON.parse(text);
      value.routes.reverse();
      return JSON.stringify(value);
    });
    expect(ran).toEqual({ code: 0, out: "", err: "no request is answered differently\n" });
  });

  test("each reported class is decided differently by simulate", async () => {
    const folder = await temporaryFolder();
    const before = await readFile(join(repository, document), "utf8");
    await writeFile(join(folder, "a.json"), before);
    await writeFile(join(folder, "b.json"), before.replace('"/cart"', '"/trolley"'));
    const ran = await ghostctl(["diff", "-o", "json", "a.json", "b.json"], { folder });
    const { classes }: Comparison = JSON.parse(ran.out);
    expect(classes.length).toBeGreaterThan(2);
    for (const { request, draw } of classes) {
      const words = [
        "simulate",
        "-o",
        "json",
        "--draw",
        String(draw),
        "-X",
        request.method,
        request.url,
      ];
      const [one, other] = await Promise.all(
        ["a.json", "b.json"].map((file) => ghostctl([...words, "-c", file], { folder })),
      );
      expect(one?.out).not.toBe(other?.out);
    }
  });
});

interface Comparison {
  readonly classes: readonly { request: { method: string; url: string }; draw: number }[];
}

describe("route tests", () => {
  const good = `config: ghost.json
tests:
  - name: the cart
    request: GET http://shop.example.com/cart
    expect:
      service: shop/cart:80
      route: shop/shop
      split: { "shop/cart:80": 90, "shop/cart-v2:80": 10 }
      request: { path: /cart, headers: { x-none: null } }
  - request: http://shop.example.com/basket
    expect: { action: redirect, status: 301, location: http://shop.example.com/cart }
`;
  const bad = `tests:
  - name: wrong & <odd> # one
    request: { method: POST, url: /cart, headers: { Host: shop.example.com, x: 1 } }
    draw: 0.95
    expect: { service: shop/cart:80, status: 200, split: { "shop/cart:80": 50 }, request: { headers: { x: "2" } } }
  - request: http://shop.example.com/
    expect: { service: shop/front:80 }
`;

  async function run(text: string, ...words: string[]) {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "ghost.json"), await readFile(join(repository, document)));
    await writeFile(join(folder, "routes.yaml"), text);
    return ghostctl(["test", "routes.yaml", ...words], { folder });
  }

  test.each(["pretty", "tap", "junit", "json"])("as %s", async (format) => {
    const [one, other] = await Promise.all([run(good, "-o", format), run(bad, "-o", format)]);
    expect([one.code, other.code]).toEqual([0, 1]);
    await expect(`${show(one)}\n${show(other)}`).toMatchFileSnapshot(
      `snapshots/test-${format}.txt`,
    );
  });

  test.each([
    ["no-list", "tests: 1\n"],
    [
      "unknown-key",
      "tests:\n  - request: http://a/\n    expect: {}\n  - request: http://a/\n    expects: {}\n",
    ],
    ["unknown-expectation", "tests: [{ request: http://a/, expect: { servce: x } }]\n"],
    ["bad-request", "tests: [{ request: 1, expect: {} }]\n"],
    ["bad-yaml", "tests: [\n"],
  ])("a file that is wrong: %s", async (name, text) => {
    const ran = await run(text);
    expect(ran.code).toBe(2);
    await expect(show(ran)).toMatchFileSnapshot(`snapshots/test-wrong-${name}.txt`);
  });
});

test("findings as SARIF and for GitHub", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "a b"));
  const text = JSON.stringify({ version: 1, routes: [{ name: "r", hostnames: ["a b"] }] });
  await writeFile(join(folder, "a b", "x,y.json"), text);
  const [sarif, github] = await Promise.all(
    ["sarif", "github"].map((format) =>
      ghostctl(["check", "-o", format, "a b/x,y.json"], { folder }),
    ),
  );
  await expect(show(sarif ?? { code: null, out: "", err: "" })).toMatchFileSnapshot(
    "snapshots/check-sarif.txt",
  );
  await expect(show(github ?? { code: null, out: "", err: "" })).toMatchFileSnapshot(
    "snapshots/check-github-finding.txt",
  );
});
