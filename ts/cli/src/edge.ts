/** Configurations of ghost-edge: told from other files, and checked with what they name looked at. */

import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, extname, isAbsolute, join } from "node:path";
import { parseDocument } from "yaml";
import type { Core, Diagnostic, EdgeFormat, EdgeSurroundings } from "@ghost-gateway/core";

/** The format of a file when it is a configuration of ghost-edge: TOML, or YAML that is no Kubernetes object. */
export function edgeFormatOf(file: string, bytes: Uint8Array): EdgeFormat | undefined {
  const ending = extname(file).toLowerCase();
  if (ending === ".toml") return "toml";
  if (ending !== ".yaml" && ending !== ".yml") return undefined;
  const document = parseDocument(Buffer.from(bytes).toString("utf8"), { logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  const names = (key: string): boolean => document.has(key);
  const isObject = names("apiVersion") || names("kind");
  return !isObject && edgeKeys.some(names) ? "yaml" : undefined;
}

const edgeKeys = [
  "listen",
  "listeners",
  "domains",
  "backends",
  "upstream",
  "certificates",
  "routes_file",
];

type Certificates = NonNullable<EdgeSurroundings["certificates"]>;
type Files = NonNullable<EdgeSurroundings["files"]>;
type Authorities = NonNullable<EdgeSurroundings["authorities"]>;

/** Rounds of looking: what a file says may name more. */
const mostRounds = 8;

/** Checks it, looking at every variable, file and certificate that it names. */
export async function checkEdge(
  core: Core,
  file: string,
  bytes: Uint8Array,
  format: EdgeFormat,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Diagnostic[]> {
  const variables: Record<string, string | null> = {};
  const files: Files = {};
  const certificates: Certificates = [];
  const authorities: Authorities = {};
  const place = (name: string): string => (isAbsolute(name) ? name : join(dirname(file), name));
  for (let round = 0; ; round += 1) {
    const surroundings = {
      variables,
      files,
      certificates,
      authorities,
      now: Math.floor(Date.now() / 1000),
    };
    const { diagnostics, wanted } = core.checkEdge(bytes, format, file, surroundings);
    if (wanted.length === 0 || round >= mostRounds) return diagnostics;
    for (const { kind, name, keyFile } of wanted) {
      if (kind === "variable") variables[name] = environment[name] ?? null;
      else if (kind === "file") files[name] = await lookAtFile(place(name));
      else if (kind === "authorities") authorities[name] = await lookAtAuthorities(place(name));
      else certificates.push(await lookAtCertificate(name, keyFile ?? name, place));
    }
  }
}

async function lookAtFile(path: string): Promise<Files[string]> {
  try {
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

async function lookAtAuthorities(path: string): Promise<Authorities[string]> {
  try {
    const blocks = (await readFile(path, "utf8")).match(pemBlock) ?? [];
    // Throws for a block that holds no certificate.
    for (const block of blocks) void new X509Certificate(block);
    return { count: blocks.length };
  } catch (error) {
    return { count: 0, problem: { kind: kindOf(error), inKey: false, message: messageOf(error) } };
  }
}

async function lookAtCertificate(
  certificateFile: string,
  keyFile: string,
  place: (name: string) => string,
): Promise<Certificates[number]> {
  const pair = { certificateFile, keyFile };
  let inKey = false;
  try {
    const certificate = new X509Certificate(await readFile(place(certificateFile)));
    inKey = true;
    const key = createPrivateKey(await readFile(place(keyFile)));
    if (!certificate.checkPrivateKey(key))
      return {
        ...pair,
        problem: {
          kind: "keyMismatch",
          inKey,
          message: "the key does not belong to the certificate",
        },
      };
    return {
      ...pair,
      names: namesOf(certificate),
      notBefore: seconds(certificate.validFrom),
      notAfter: seconds(certificate.validTo),
    };
  } catch (error) {
    return { ...pair, problem: { kind: kindOf(error), inKey, message: messageOf(error) } };
  }
}

/** `DNS:a.example, IP Address:10.0.0.1`. */
function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
  return subjectAltName
    .split(", ")
    .flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? []);
}

function seconds(date: string): number {
  return Math.floor(Date.parse(date) / 1000);
}

/** Errors of the file system have a number; those of the parser do not. */
function kindOf(error: unknown): "unreadable" | "invalid" {
  return error instanceof Error && "errno" in error ? "unreadable" : "invalid";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
