/** The core, varnishd, the VMOD and what they need of the machine. */

import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findVmod, withSystemFolders } from "@ghost-gateway/chaperone";
import { loadCore } from "@ghost-gateway/core";
import { error, messageOf, ok, skipped, warning } from "./finding.js";
import type { Finding } from "./finding.js";

const run = promisify(execFile);
/** Milliseconds; compiling VCL takes a second or two. */
const timeout = 30_000;
/** The oldest engine that the VMOD is built for. */
const oldest = [7, 1];

export function checkCore(): Finding {
  const check = "core";
  try {
    const { engine, version } = loadCore();
    return engine === "napi"
      ? ok(check, `${version}, native addon`)
      : warning(
          check,
          `${version}, WebAssembly`,
          "install the addon of this platform (@ghost-gateway/core-...) for long replays",
        );
  } catch (thrown) {
    return error(
      check,
      messageOf(thrown),
      "install @ghost-gateway/core again, and unset GHOST_CORE",
    );
  }
}

export interface EngineOptions {
  readonly varnishd: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The engine, its compiler, the VMOD, and whether they fit together. */
export async function checkEngine(options: EngineOptions): Promise<Finding[]> {
  const engine = await checkVarnishd(options);
  const compiler = await checkCompiler(options);
  const vmod = checkVmod(options);
  const isWhole = [engine, compiler, vmod].every(({ state }) => state !== "error");
  return [
    engine,
    compiler,
    vmod,
    isWhole
      ? await checkFit(options)
      : skipped("vmod abi", "one of engine, compiler and VMOD is missing"),
  ];
}

async function checkVarnishd({ varnishd, environment }: EngineOptions): Promise<Finding> {
  const check = "varnishd";
  try {
    const { stderr, stdout } = await run(varnishd, ["-V"], {
      timeout,
      env: withSystemFolders(environment),
    });
    const [, version = ""] =
      /\((?:varnish|vinyl-cache)-(\d+\.\d+[^\s)]*)/.exec(stderr + stdout) ?? [];
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (version === "")
      return error(check, `${varnishd} does not say a version`, "name the engine with --varnishd");
    const [least = 0, leastMinor = 0] = oldest;
    if (major < least || (major === least && minor < leastMinor))
      return error(
        check,
        `version ${version} is too old`,
        `install Varnish ${oldest.join(".")} or later, or Vinyl Cache`,
      );
    return ok(check, version);
  } catch (thrown) {
    return error(
      check,
      `${varnishd} cannot be run: ${messageOf(thrown)}`,
      "install varnish, or name the engine with --varnishd",
    );
  }
}

/** varnishd compiles VCL with the C compiler that it was built with, `cc` or `gcc`. */
async function checkCompiler({ environment }: EngineOptions): Promise<Finding> {
  const check = "c compiler";
  for (const compiler of ["cc", "gcc"]) {
    const said = await run(compiler, ["--version"], {
      timeout,
      env: withSystemFolders(environment),
    }).catch(() => undefined);
    if (said !== undefined) return ok(check, said.stdout.split("\n", 1)[0] ?? compiler);
  }
  return error(
    check,
    "neither cc nor gcc can be run; varnishd needs one to compile VCL",
    "install gcc",
  );
}

function checkVmod({ environment }: EngineOptions): Finding {
  const check = "vmod";
  const vmod = findVmod(environment);
  if (vmod !== undefined) return ok(check, vmod.library);
  const { GHOST_VMOD, GHOST_VCL } = environment;
  const named = [
    GHOST_VMOD && `GHOST_VMOD=${GHOST_VMOD}`,
    GHOST_VCL && `GHOST_VCL=${GHOST_VCL}`,
  ].filter(Boolean);
  return error(
    check,
    named.length > 0
      ? `libvmod_ghost.so or ghost.vcl is not where ${named.join(" and ")} says`
      : "libvmod_ghost.so or ghost.vcl is not found",
    "install the VMOD's package, run `make vmod` in the repository, or set GHOST_VMOD and GHOST_VCL",
  );
}

/** Has the engine compile a VCL that imports the VMOD: it loads the library and compares the ABI. */
async function checkFit({ varnishd, environment }: EngineOptions): Promise<Finding> {
  const check = "vmod abi";
  const vmod = findVmod(environment);
  if (vmod === undefined) return skipped(check, "there is no VMOD");
  const folder = await mkdtemp(join(tmpdir(), "ghostctl-doctor-"));
  try {
    // The engine reads it as a user of its own.
    await chmod(folder, 0o755);
    const file = join(folder, "probe.vcl");
    await writeFile(
      file,
      `vcl 4.1;\nimport ghost from ${JSON.stringify(vmod.library)};\nbackend none none;\n`,
    );
    await run(varnishd, ["-C", "-f", file, "-n", join(folder, "work")], {
      timeout,
      env: withSystemFolders(environment),
      maxBuffer: 16 << 20,
    });
    return ok(check, "the engine loads it");
  } catch (thrown) {
    const { stderr: said = messageOf(thrown) } = thrown as { stderr?: string };
    const line = said
      .split("\n")
      .find((one) => /ABI|version|mismatch|dlopen|too short|invalid ELF|Could not/i.test(one));
    return error(
      check,
      `the engine refuses ${vmod.library}: ${(line ?? said.trim().split("\n", 1)[0] ?? "").trim()}`,
      `build the VMOD for this engine: it must fit ${varnishd} exactly`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
