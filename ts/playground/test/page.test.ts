/** The page as a visitor has it: built, served, in Chromium. */

import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { loadCore } from "@ghost-gateway/core";
import type { RequestInput } from "@ghost-gateway/core";
import { toFragment } from "../src/share/fragment.js";
import { launch, serve } from "./served.js";

let browser: Browser;
let served: Awaited<ReturnType<typeof serve>>;
let page: Page;
/** What the page complained of, and what it asked of anyone but its server. */
let complaints: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([launch(), serve()]);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
});
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(served.origin)) complaints.push(request.url());
  });
});
afterEach(async () => {
  await page.close();
  if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join("\n")}`);
});

const verdict = (): Promise<string> => page.locator(".verdict").innerText();

async function type(text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

test("the first example is decided, explained and drawn", async () => {
  await page.goto(served.origin);
  await page.locator(".verdict").waitFor();
  expect(await verdict()).toBe("cart at 10.0.0.1:8080");
  expect(await page.locator("[data-test=walk] .stage").allInnerTexts()).toEqual([
    "won",
    "path",
    "rank",
    "rank",
  ]);
  expect(await page.locator("svg .node.taken").count()).toBe(2);
});

test("the draw chooses among the weights", async () => {
  await page.goto(served.origin);
  await page.locator("[data-test=draw]").fill("0.95");
  await expect.poll(verdict).toBe("cart-canary at 10.0.0.2:8080");
});

test("a mistake is told where it stands, and the answer goes until it is mended", async () => {
  await page.goto(served.origin);
  await page.locator(".verdict").waitFor();
  await type('{\n  "version": 1,\n  "rotes": []\n}');
  const findings = page.locator("[data-test=findings]");
  await expect.poll(() => findings.innerText()).toContain("3:12");
  await findings.locator("button").first().click();
  await page.keyboard.insertText("X");
  expect(await page.locator(".cm-line").nth(2).innerText()).toBe('  "rotes": X[]');
  expect(await page.locator(".cm-lint-marker-error").count()).toBeGreaterThan(0);
});

test("a click on a step goes to the rule's place in a manifest", async () => {
  await page.goto(served.origin);
  await page.locator("[data-test=example]").selectOption({ label: "Gateway API manifests" });
  await expect.poll(verdict).toBe("default/cart-beta:80 at 10.0.0.2:8080");
  await page.locator("[data-test=walk] button").last().click();
  await expect.poll(() => page.locator(".cm-activeLine").innerText()).toContain("- matches:");
});

test("a pasted manifest brings its format", async () => {
  await page.goto(served.origin);
  await page.locator(".verdict").waitFor();
  const manifest = readFileSync(new URL("../src/example/gateway.yaml", import.meta.url), "utf8");
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", {
      clipboardData: data,
      bubbles: true,
      cancelable: true,
    });
    document.querySelector(".cm-content")?.dispatchEvent(paste);
  }, manifest);
  await expect.poll(() => page.locator(".format .chosen").innerText()).toBe("Gateway API");
  await expect.poll(verdict).toBe("default/cart:80 at 10.0.0.1:8080");
});

test("a shared link shows another visitor the same", async () => {
  await page.goto(served.origin);
  await page.locator("[data-test=url]").fill("http://other.example.com/ünïcode?q=1");
  await page.locator("[data-test=headers]").fill("x-version: 2");
  await expect.poll(verdict).toBe("web at 10.0.0.4:8080");
  await page.locator("[data-test=share]").click();
  await expect.poll(() => page.url()).toContain("#");
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await page.locator(".verdict").waitFor();
  expect(await page.locator("[data-test=url]").inputValue()).toBe(
    "http://other.example.com/ünïcode?q=1",
  );
  expect(await page.locator("[data-test=headers]").inputValue()).toBe("x-version: 2");
  expect(await verdict()).toBe("web at 10.0.0.4:8080");
});

test("a link's text is text: nothing of it becomes part of the page", async () => {
  const attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const text = JSON.stringify({
    version: 1,
    [attack]: 1,
    routes: [{ name: attack, rules: [{ name: attack }] }],
  });
  const question = { method: "GET", url: `http://a/${attack}`, headers: `x: ${attack}`, draw: 0 };
  const fragment = await toFragment({ text, format: "ghost.json", question });
  await page.goto(`${served.origin}/#${fragment}`);
  await page.locator("[data-test=findings] button").first().waitFor();
  expect(await page.locator("#page img[src=x]").count()).toBe(0);
  expect(await page.title()).toBe("Ghost playground");
});

test("the page decides as the native core does", async () => {
  const file = new URL("../../../tests/cases/path-prefix-segment.json", import.meta.url);
  const { config, cases } = JSON.parse(readFileSync(file, "utf8")) as {
    config: object;
    cases: { name: string; request: RequestInput }[];
  };
  const routes = Buffer.from(JSON.stringify(config));
  const { table } = loadCore().compile({ routes, file: "ghost.json" });
  for (const { name, request } of cases.slice(0, 8)) {
    const headers = (request.headers ?? []).map(([key, value]) => `${key}: ${value}`).join("\n");
    const question = { method: request.method, url: request.url, headers, draw: 0 };
    const text = JSON.stringify(config);
    await page.goto("about:blank");
    await page.goto(
      `${served.origin}/#${await toFragment({ text, format: "ghost.json", question })}`,
    );
    const id = page.locator("[data-test=answer] dd").last();
    await expect.poll(() => id.innerText(), { message: name }).toBe(table?.decide(request).id);
  }
});
