/** `ghostctl version`: what is installed here. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findVmod, withSystemFolders } from "@ghost-gateway/chaperone";
import { loadCore } from "@ghost-gateway/core";
import type { Run } from "../command.js";
import { exitCode } from "../exit.js";
import { ownVersion } from "../own-version.js";
import { renderData } from "../render/data.js";

interface Options {
  readonly output: "text" | "json" | "yaml";
}

const run = promisify(execFile);

export const version: Run<Options> = async (_words, { output }, io) => {
  const core = loadCore();
  const versions = {
    ghostctl: ownVersion(),
    core: { version: core.version, engine: core.engine },
    node: process.versions.node,
    varnishd: await engineVersion(),
    vmod: findVmod(io.environment)?.library ?? null,
  };
  io.out.write(output === "text" ? render(versions) : renderData(versions, output));
  return exitCode.fine;
};

interface Versions {
  readonly ghostctl: string;
  readonly core: { readonly version: string; readonly engine: string };
  readonly node: string;
  readonly varnishd: string | null;
  readonly vmod: string | null;
}

function render({ ghostctl, core, node, varnishd, vmod }: Versions): string {
  const lines = [
    ["ghostctl", ghostctl],
    ["core", `${core.version} (${core.engine})`],
    ["node", node],
    ["varnishd", varnishd ?? "not installed"],
    ["vmod", vmod ?? "not found"],
  ];
  return lines.map(([name = "", value = ""]) => `${name.padEnd(9)} ${value}\n`).join("");
}

/** Null where there is no varnishd; it writes its version to standard error. */
async function engineVersion(): Promise<string | null> {
  const said = await run("varnishd", ["-V"], {
    timeout: 5000,
    env: withSystemFolders(process.env),
  }).catch(() => undefined);
  return /\((?:varnish|vinyl-cache)-(\S+)/.exec(said?.stderr ?? "")?.[1] ?? null;
}
