// One-line faults in the core, each of which must make a test fail (tests/mutants.json). Works on a copy of the crate.
//
//   node scripts/mutants.mjs [WORD]    only the mutants whose text holds WORD

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const copy = `${root}/target/mutants/tree`;
const word = process.argv[2] ?? "";
const mutants = JSON.parse(readFileSync(`${root}/tests/mutants.json`, "utf8")).filter(({ about }) =>
  about.includes(word),
);

rmSync(copy, { recursive: true, force: true });
mkdirSync(`${copy}/tests`, { recursive: true });
cpSync(`${root}/crates/ghost-core`, `${copy}/crates/ghost-core`, { recursive: true });
for (const folder of ["cases", "errors"])
  cpSync(`${root}/tests/${folder}`, `${copy}/tests/${folder}`, { recursive: true });
for (const file of ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"])
  cpSync(`${root}/${file}`, `${copy}/${file}`);

function testsFail() {
  const run = spawnSync(
    "cargo",
    ["test", "--quiet", "-p", "ghost-core", "--no-fail-fast", "--tests"],
    {
      cwd: copy,
      env: {
        ...process.env,
        CARGO_TARGET_DIR: `${root}/target/mutants/build`,
        RUST_BACKTRACE: "0",
      },
      encoding: "utf8",
    },
  );
  const built = !/error(\[E\d+\])?: .*\n\s+-->|could not compile/.test(run.stderr);
  const names = [...run.stdout.matchAll(/^test (\S+) \.\.\. FAILED|^---- (\S+) stdout/gm)].map(
    (match) => match[1] ?? match[2],
  );
  return { built, failed: run.status !== 0, names: [...new Set(names)] };
}

if (testsFail().failed) throw new Error("the tests fail without any mutant");
let caught = 0;
for (const { about, file, find, replace } of mutants) {
  const path = `${copy}/crates/ghost-core/src/${file}`;
  const original = readFileSync(path, "utf8");
  const places = original.split(find).length - 1;
  let verdict = places === 1 ? "" : `its text stands ${places} times in ${file}, not once`;
  if (verdict === "") {
    writeFileSync(
      path,
      original.replace(find, () => replace),
    );
    const { built, failed, names } = testsFail();
    writeFileSync(path, original);
    if (!built) verdict = "it does not compile";
    else if (!failed) verdict = "no test fails";
    else process.stdout.write(`caught    ${about}: ${names.slice(0, 3).join(", ")}\n`);
  }
  if (verdict === "") caught += 1;
  else process.stdout.write(`SURVIVED  ${about}: ${verdict}\n`);
}
process.stdout.write(`${caught} passed, ${mutants.length - caught} failed\n`);
process.exitCode = caught === mutants.length ? 0 : 1;
