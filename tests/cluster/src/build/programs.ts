// Builds what is missing, with progress; what is in the cache is used as it is.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { cacheFolder, moduleFolder, modules, type Module, type Program } from "./modules.ts";

/** Where each program is, by its name, and where the Gateway API's manifests are. */
export interface Programs {
  readonly path: (name: string) => string;
  readonly customResources: string;
}

/** How often a build says how far it is. */
const progressMs = 5000;

type Say = (line: string) => void;

function file(module: Module, name: string): string {
  return `${cacheFolder(module)}/${name}`;
}

async function go(module: Module, args: readonly string[], line: (text: string) => void) {
  // No cgo: the programs also run where pods have another C library, or none.
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" };
  const child = spawn("go", args, { cwd: moduleFolder(module), env });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  createInterface({ input: child.stderr }).on("line", (text) => {
    errors = `${errors}${text}\n`.slice(-4000);
    line(text);
  });
  const code = await new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT";
      reject(isMissing ? new Error("please install Go; modules/*/go.mod name the version") : error);
    });
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`go ${args[0]} in ${moduleFolder(module)} failed:\n${errors}`);
  return output;
}

/** What `go build` calls a program: the last part of its package's path that is no version. */
function outputName(program: Program): string {
  const parts = program.package.split("/").filter((part) => !/^v\d+$/.test(part));
  return parts.at(-1) ?? program.name;
}

/** `go build -v` names each package that it had to compile; of how many, `go list` knows. */
async function build(module: Module, programs: readonly Program[], say: Say): Promise<void> {
  const isTest = programs.some((program) => program.isTest);
  const packages = programs.map((program) => program.package);
  const names = programs.map(({ name }) => name).join(", ");
  const silent = () => undefined;
  const list = ["list", "-deps", ...(isTest ? ["-test"] : []), ...packages];
  const total = (await go(module, list, silent)).trim().split("\n").length;
  const started = Date.now();
  let compiled = 0;
  let said = started;
  say(`${names}: building, at most ${total} packages`);
  const folder = `${cacheFolder(module)}/${process.pid}.new`;
  mkdirSync(folder, { recursive: true });
  // Nobody debugs these: without the tables for it they compile in a sixth less time.
  const verb = [
    ...(isTest ? ["test", "-c"] : ["build"]),
    "-v",
    "-trimpath",
    "-gcflags=all=-dwarf=false",
  ];
  const link = ["-s", "-w", ...(module.link ?? [])].join(" ");
  const output = isTest ? `${folder}/${programs.map(outputName).join()}` : `${folder}/`;
  try {
    await go(module, [...verb, "-ldflags", link, "-o", output, ...packages], () => {
      compiled += 1;
      if (Date.now() - said < progressMs) return;
      said = Date.now();
      say(`${names}: ${compiled} packages compiled`);
    });
    for (const program of programs) {
      renameSync(`${folder}/${outputName(program)}`, file(module, program.name));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(`${names}: built in ${Math.round((Date.now() - started) / 1000)} s`);
}

function owner(name: string): Module {
  const module = modules.find(({ programs }) => programs.some((program) => program.name === name));
  if (!module) throw new Error(`there is no program named ${name}`);
  return module;
}

/** The official manifests lie in the module that the suite is built from, so both always have one version. */
async function customResources(): Promise<string> {
  const module = owner("conformance");
  const list = ["list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/gateway-api"];
  await go(module, ["mod", "download", "sigs.k8s.io/gateway-api"], () => undefined);
  const folder = (await go(module, list, () => undefined)).trim();
  return `${folder}/config/crd/experimental`;
}

/** Builds the named programs, all by default. One command for all of a module: what they share is compiled once. */
export async function buildPrograms(say: Say, names?: readonly string[]): Promise<Programs> {
  for (const name of names ?? []) owner(name);
  for (const module of modules) {
    const missing = module.programs.filter(
      ({ name }) => (!names || names.includes(name)) && !existsSync(file(module, name)),
    );
    const plain = missing.filter((program) => !program.isTest);
    for (const program of missing.filter(({ isTest }) => isTest))
      await build(module, [program], say);
    if (plain.length > 0) await build(module, plain, say);
  }
  return {
    path: (name) => file(owner(name), name),
    customResources: await customResources(),
  };
}
