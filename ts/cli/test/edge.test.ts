/** Configurations of ghost-edge: known by what is in them, and checked with the files and certificates they name. */

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ghostctl, show, temporaryFolder } from "./run.js";

const run = promisify(execFile);

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
}

async function findingsOf(name: string, text: string, folder: string): Promise<Finding[]> {
  await writeFile(join(folder, name), text);
  const ran = await ghostctl(["check", "-o", "json", name], { folder });
  const findings: Finding[] = JSON.parse(ran.out);
  return findings;
}

test("the examples", async () => {
  const ran = await ghostctl([
    "check",
    "examples/edge/edge.yaml",
    "examples/edge/config.example.toml",
  ]);
  await expect(show(ran)).toMatchFileSnapshot("snapshots/check-edge.txt");
});

test("a misfit has its place, in YAML and in TOML", async () => {
  const folder = await temporaryFolder();
  const yaml = await findingsOf(
    "edge.yaml",
    "listen:\n  port: 8080\nupstreem: {}\nupstream: {}\n",
    folder,
  );
  expect(yaml).toContainEqual(
    expect.objectContaining({ file: "edge.yaml", line: 3, severity: "error" }),
  );
  const toml = await findingsOf("edge.toml", "[listen]\nport = 8080\nprot = 1\n", folder);
  expect(toml).toContainEqual(
    expect.objectContaining({ file: "edge.toml", line: 3, severity: "error" }),
  );
});

test("certificates are looked at: missing, another's key, and good", async () => {
  const folder = await temporaryFolder();
  for (const name of ["one", "two"])
    await run("openssl", [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "365",
      "-subj",
      "/CN=a.example",
      "-addext",
      "subjectAltName=DNS:a.example",
      "-keyout",
      join(folder, `${name}.key`),
      "-out",
      join(folder, `${name}.pem`),
    ]);
  const check = async (certificate: string, key: string) =>
    findingsOf(
      "edge.yaml",
      `listen: { port: 8443, protocol: https }\ncertificates: [{ cert: ${certificate}, key: ${key} }]\nupstream: {}\n`,
      folder,
    );
  const [missing, swapped, good] = [
    await check("none.pem", "one.key"),
    await check("one.pem", "two.key"),
    await check("one.pem", "one.key"),
  ];
  const errors = (findings: readonly Finding[]): string[] =>
    findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
  expect(errors(missing).length).toBeGreaterThan(errors(good).length);
  expect(errors(swapped).length).toBeGreaterThan(errors(good).length);
  expect(errors(missing)).not.toEqual(errors(swapped));
});

test("manifests are no configuration of an edge", async () => {
  const ran = await ghostctl(["check", "examples/gateway-api/gateway.yaml"]);
  expect(ran.err).not.toContain("edge");
});
