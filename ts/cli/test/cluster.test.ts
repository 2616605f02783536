/** A cluster's objects, read over HTTP as an API server gives them: the same answers as from the files they came from. */

import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { ghostctl, repository, temporaryFolder } from "./run.js";

interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Answers lists of what it is given, and what `/version` and the reviews of rights ask; everything else is not there. */
async function serve(objects: readonly ApiObject[]): Promise<string> {
  const plural = (kind: string): string =>
    (kind.endsWith("s") ? `${kind}es` : `${kind}s`).toLowerCase();
  const known = new Set([
    "gatewayclasses",
    "gateways",
    "httproutes",
    "grpcroutes",
    "referencegrants",
    "namespaces",
    "services",
    "endpointslices",
  ]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://a").pathname;
    const name = path.split("/").at(-1) ?? "";
    const answer = (value: object, status = 200): void =>
      void response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify(value));
    if (path === "/version") answer({ gitVersion: "v1.36.4" });
    else if (name === "selfsubjectaccessreviews") answer({ status: { allowed: true } }, 201);
    else if (path.includes("/customresourcedefinitions/"))
      answer({ spec: { versions: [{ name: "v1", served: true }] } });
    else if (known.has(name)) {
      // As in a real list, items say neither their version nor their kind.
      const items = objects
        .filter(({ kind }) => plural(kind) === name)
        .map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
      answer({ metadata: { resourceVersion: "1" }, items });
    } else answer({ kind: "Status", code: 404, message: `no ${path}` }, 404);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function kubeconfig(server: string): Promise<string> {
  const file = join(await temporaryFolder(), "kubeconfig");
  const cluster = { name: "a", cluster: { server, "insecure-skip-tls-verify": true } };
  const context = { name: "a", context: { cluster: "a", user: "a" } };
  const users = [{ name: "a", user: {} }];
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "a",
      contexts: [context],
      clusters: [cluster],
      users,
    }),
  );
  return file;
}

async function examples(): Promise<ApiObject[]> {
  const folder = join(repository, "examples/gateway-api");
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")),
  );
  return texts.flatMap((text) =>
    parseAllDocuments(text).flatMap((document) => {
      const value: ApiObject | null = document.toJS();
      return value === null ? [] : [value];
    }),
  );
}

test("simulate and doctor", async () => {
  const place = ["--cluster", "--kubeconfig", await kubeconfig(await serve(await examples()))];
  const words = ["simulate", "-o", "json", "http://shop.example.com/cart"];
  const [live, files] = await Promise.all([
    ghostctl([...words, ...place]),
    ghostctl([...words, "-f", "examples/gateway-api"]),
  ]);
  const meaning = (text: string): unknown => {
    const { source: _source, ...rest }: Record<string, unknown> = JSON.parse(text);
    return rest;
  };
  expect(live.err).toBe("");
  expect(meaning(live.out)).toEqual(meaning(files.out));
  const findings: { check: string; state: string }[] = JSON.parse(
    (await ghostctl(["doctor", "-o", "json", ...place, "--listen", "/tmp/none.sock"])).out,
  );
  const state = new Map(findings.map((finding) => [finding.check, finding.state]));
  expect(["cluster", "gateway api", "permissions of us"].map((check) => state.get(check))).toEqual([
    "ok",
    "ok",
    "ok",
  ]);
});
