// One-line faults in the VMOD, each of which must make the case that stands beside it fail (tests/vmod-faults.json). Works on a
// copy of the crates, with a debug build of its own.
//
//   node scripts/vmod-faults.mjs [WORD]    only the faults whose text holds WORD

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = `${root}/target/vmod-faults`;
const copy = `${work}/tree`;
const crate = `${copy}/crates/ghost-vmod`;
const word = process.argv[2] ?? "";
const faults = JSON.parse(readFileSync(`${root}/tests/vmod-faults.json`, "utf8")).filter(
  ({ about }) => about.includes(word),
);

rmSync(copy, { recursive: true, force: true });
mkdirSync(copy, { recursive: true });
for (const name of ["crates", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"])
  cpSync(`${root}/${name}`, `${copy}/${name}`, { recursive: true });

/** Builds the copy; what the compiler said when it could not. With injection, panics can be asked for. */
function build() {
  const env = { ...process.env, CARGO_TARGET_DIR: `${work}/build`, GHOST_VMOD_OUT: `${work}/vmod` };
  const run = spawnSync(`${crate}/build.sh`, ["debug", "--features", "panic-injection"], {
    env,
    encoding: "utf8",
  });
  return run.status === 0 ? undefined : run.stderr;
}

/** Whether every one of the cases passes. */
function passes(cases) {
  const library = `ghost from "${work}/vmod/libvmod_ghost.so"`;
  const macros = {
    vmod_ghost: library,
    vmod_ghost_injection: library,
    ghost_vcl_path: `${crate}/vcl`,
  };
  const defined = Object.entries(macros).flatMap(([name, value]) => ["-D", `${name}=${value}`]);
  const files = [...new Set(cases)].map((name) => `${root}/vtc/${name}.vtc`);
  const run = spawnSync("varnishtest", ["-j2", "-t", "60", "-b", "8M", ...defined, ...files], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return run.status === 0;
}

const broken = build();
if (broken !== undefined) throw new Error(`the crates do not build:\n${broken}`);
if (!passes(faults.map((fault) => fault.case))) throw new Error("a case fails without any fault");
let caught = 0;
for (const { about, file, find, replace, case: name } of faults) {
  const path = `${crate}/${file}`;
  const original = readFileSync(path, "utf8");
  const places = original.split(find).length - 1;
  let verdict = places === 1 ? "" : `its text stands ${places} times in ${file}, not once`;
  if (verdict === "") {
    writeFileSync(
      path,
      original.replace(find, () => replace),
    );
    if (build() !== undefined) verdict = "it does not compile";
    else if (passes([name])) verdict = `${name}.vtc passes`;
    writeFileSync(path, original);
  }
  if (verdict === "") caught += 1;
  process.stdout.write(
    verdict === "" ? `caught    ${about}: ${name}\n` : `SURVIVED  ${about}: ${verdict}\n`,
  );
}
process.stdout.write(`${caught} passed, ${faults.length - caught} failed\n`);
process.exitCode = caught === faults.length ? 0 : 1;
