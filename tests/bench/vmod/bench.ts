// What the VMOD costs inside varnishd, against VCL that does the same, in one and the same process: pairs of runs in turn,
// ratios with their 95 % interval.
//
//	node tests/bench/vmod/bench.ts [--pairs N] [--seconds N] [--backends N] [--only-change]
//
// GHOST_VMOD_OUT is the folder with the library (a release build). Needs wrk.

import { rename, writeFile } from "node:fs/promises";
import { request } from "node:http";

import { enterNamespace, isInside } from "../../runners/varnish/namespace.ts";
import * as documents from "./documents.ts";
import { measure, ratioOf, writeScript } from "./load.ts";
import type { Asked, Measured } from "./load.ts";
import { Stage } from "./stage.ts";

/** How often all endpoints are replaced. */
const changes = 5;

process.exitCode = isInside() ? await main(process.argv.slice(2)) : enterNamespace();

async function main(words: string[]): Promise<number> {
  const option = (name: string, otherwise: number): number => {
    const place = words.indexOf(`--${name}`);
    return place < 0 ? otherwise : Number(words[place + 1]);
  };
  const [pairs, seconds] = [option("pairs", 20), option("seconds", 2)];
  const stage = await Stage.start();
  try {
    if (!words.includes("--only-change")) {
      await prepare(stage);
      await compare(
        stage,
        "cache hits, 10,000 routes",
        ["ghost_hit", "static_hit"],
        "routes.lua",
        pairs,
        seconds,
      );
      await compare(
        stage,
        "pass, 10,000 routes",
        ["ghost_pass", "static_pass"],
        "routes.lua",
        pairs,
        seconds,
      );
      await compare(
        stage,
        "cache hits, 1,000 hosts",
        ["ghost_hosts", "chain_hosts"],
        "hosts.lua",
        pairs,
        seconds,
      );
    }
    await applyChange(stage, option("backends", 10_000));
  } finally {
    await stage.stop();
  }
  return 0;
}

/** Documents, VCLs and the requests that are sent. */
async function prepare(stage: Stage): Promise<void> {
  const many = Array.from({ length: 10_000 }, (_, n) => `host-${n}.example.com`);
  const hosts = many.slice(0, 1000);
  await writeFile(stage.file("routes.json"), JSON.stringify(documents.routesOf(many)));
  await writeFile(stage.file("hosts.json"), JSON.stringify(documents.routesOf(hosts)));
  const vcls = {
    ghost_hit: documents.ghostVcl(stage.folder, "routes.json", false),
    static_hit: documents.staticVcl(false),
    ghost_pass: documents.ghostVcl(stage.folder, "routes.json", true),
    static_pass: documents.staticVcl(true),
    ghost_hosts: documents.ghostVcl(stage.folder, "hosts.json", false),
    chain_hosts: documents.ifChainVcl(hosts),
  };
  for (const [name, text] of Object.entries(vcls)) {
    await writeFile(stage.file(`${name}.vcl`), text);
    await stage.cli.run(`vcl.load ${name} ${stage.file(`${name}.vcl`)}`);
  }
  const spread = (list: string[], count: number): Asked[] =>
    Array.from({ length: count }, (_, n) => ({
      host: list[(n * 7919) % list.length] ?? "",
      path: `/path/${n % 50}`,
    }));
  await writeScript(stage.file("routes.lua"), spread(many, 500));
  await writeScript(stage.file("hosts.lua"), spread(hosts, 1000));
}

/** Runs both in turn, the order changing from pair to pair, and prints the ratios. */
async function compare(
  stage: Stage,
  what: string,
  [ours, peer]: [string, string],
  script: string,
  pairs: number,
  seconds: number,
): Promise<void> {
  const runs: [Measured, Measured][] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const run = (vcl: string): Promise<Measured> =>
      measure(stage, vcl, stage.file(script), seconds);
    if (pair % 2 === 0) {
      const one = await run(ours);
      runs.push([one, await run(peer)]);
    } else {
      const other = await run(peer);
      runs.push([await run(ours), other]);
    }
  }
  const cpu = ratioOf(runs.map(([one, other]) => [one.cpu, other.cpu]));
  const rate = ratioOf(runs.map(([one, other]) => [one.rate, other.rate]));
  const median = (values: number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const [one, other] = [0, 1].map((side) => ({
    cpu: median(runs.map((pair) => pair[side]?.cpu ?? 0)) / 1000,
    rate: median(runs.map((pair) => pair[side]?.rate ?? 0)),
  }));
  const shown = ({ ratio, low, high }: typeof cpu): string =>
    `${ratio.toFixed(3)}x (${low.toFixed(3)} to ${high.toFixed(3)})`;
  console.log(`${what}: ${ours} against ${peer}, ${pairs} pairs of ${seconds} s`);
  console.log(
    `  child CPU per request ${shown(cpu)}: ${one?.cpu.toFixed(2)} us against ${other?.cpu.toFixed(2)} us`,
  );
  console.log(
    `  requests per second   ${shown(rate)}: ${one?.rate.toFixed(0)} against ${other?.rate.toFixed(0)}`,
  );
}

/** Replaces every endpoint, by a reload and by VCL, with the longest answer of the child's command line meanwhile. */
async function applyChange(stage: Stage, count: number): Promise<void> {
  const put = async (network: number, generation: number): Promise<void> => {
    await writeFile(
      stage.file("next"),
      JSON.stringify(documents.endpointsOf(count, network, generation)),
    );
    await rename(stage.file("next"), stage.file("endpoints.json"));
  };
  await put(10, 1);
  await writeFile(stage.file("change.json"), JSON.stringify(documents.routesToEndpoints));
  await writeFile(stage.file("change.vcl"), documents.ghostVcl(stage.folder, "change.json", false));
  await stage.cli.run(`vcl.load change ${stage.file("change.vcl")}`);
  await stage.cli.run("vcl.use change");
  const times: number[] = [];
  let longest = 0;
  for (let turn = 1; turn <= changes; turn += 1) {
    // Endpoints that were never there before: every backend is made.
    await put(10 + turn, turn + 1);
    const watched = watchCli(stage);
    const began = performance.now();
    await control(stage.file("ghost.sock"), "reload");
    times.push(performance.now() - began);
    longest = Math.max(longest, await watched.end());
    await swept(stage.file("ghost.sock"));
  }
  const ghost = times.toSorted((a, b) => a - b)[Math.floor(changes / 2)] ?? 0;
  console.log(
    `a change of ${count} backends: ${ghost.toFixed(1)} ms by reload, median of ${changes}`,
  );
  console.log(`  longest answer of the child's command line meanwhile ${longest.toFixed(1)} ms`);
  await writeFile(stage.file("backends.vcl"), documents.backendsVcl(count, 30));
  const began = performance.now();
  await stage.cli.run(`vcl.load backends1 ${stage.file("backends.vcl")}`);
  await stage.cli.run("vcl.use backends1");
  await stage.cli.run("vcl.discard change");
  const vcl = performance.now() - began;
  console.log(
    `  by vcl.load, vcl.use and vcl.discard ${vcl.toFixed(0)} ms: ${(vcl / ghost).toFixed(0)}x`,
  );
}

/** Asks the child over and over (vcl.list goes to it, ping does not) until the end is wanted; the longest wait. */
function watchCli(stage: Stage): { end: () => Promise<number> } {
  let isOver = false;
  const watch = async (): Promise<number> => {
    let longest = 0;
    while (!isOver) {
      const began = performance.now();
      await stage.cli.run("vcl.list");
      longest = Math.max(longest, performance.now() - began);
    }
    return longest;
  };
  const watched = watch();
  return {
    end: () => {
      isOver = true;
      return watched;
    },
  };
}

/** Sweeps until the backends that the last change replaced are deleted, as a minute does in production. */
async function swept(socketPath: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await control(socketPath, "sweep")).includes('"waiting":0')) {
    if (Date.now() > deadline) throw new Error("replaced backends are not deleted");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function control(socketPath: string, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, path: `/.varnish-ghost/${what}`, agent: false };
    const asked = request(options, (response) => {
      let body = "";
      response.on("data", (piece: Buffer) => (body += piece.toString()));
      response.on("end", () =>
        response.statusCode === 200
          ? resolve(body)
          : reject(new Error(`${what} gave ${response.statusCode}: ${body}`)),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}
