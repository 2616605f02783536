/**
 * What a batch of 1,024 decisions costs on WebAssembly and natively, and what one call each costs: ratios of one run.
 *
 *   node ts/core/bench/batch.mjs        after `make bindings` and `tsc -b ts/core`
 */

import { RequestBatch, loadCore } from "@ghost-gateway/core";

const [routes, requests, warmUps, rounds] = [1000, 1024, 20, 60];

const document = new TextEncoder().encode(
  JSON.stringify({
    version: 1,
    services: { s: { endpoints: [{ address: "10.0.0.1", port: 80 }] } },
    routes: Array.from({ length: routes }, (_, index) => ({
      name: `bench/r${index}`,
      hostnames: [`h${index}.example`],
      rules: [{ matches: [{ path: { value: `/x/${index}` } }], backends: [{ service: "s" }] }],
    })),
  }),
);

const asked = Array.from({ length: requests }, (_, index) => ({
  method: "GET",
  url: `http://h${index % routes}.example/x/${index % routes}/y?z=1`,
  headers: [
    ["accept", "*/*"],
    ["user-agent", "bench"],
  ],
}));

/** Nanoseconds per item, the best of many rounds: what disturbs a round only makes it slower. */
function cost(work) {
  for (let round = 0; round < warmUps; round++) work();
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    work();
    best = Math.min(best, performance.now() - begin);
  }
  return (best * 1e6) / requests;
}

function costs(engine) {
  const { table } = loadCore(engine).compile({ routes: document, file: "bench.json" });
  const batch = new RequestBatch(asked);
  return {
    single: cost(() => asked.forEach((request) => table.decide(request))),
    objects: cost(() => table.decideBatch(new RequestBatch(asked))),
    block: cost(() => table.decideBatch(batch)),
  };
}

const [napi, wasm] = [costs("napi"), costs("wasm")];
const row = (name, value) => process.stdout.write(`${name.padEnd(58)} ${value.toFixed(2)}\n`);
for (const [name, engine] of Object.entries({ napi, wasm })) {
  row(`${name}: one call each, ns per decision`, engine.single);
  row(`${name}: batch from objects, ns per decision`, engine.objects);
  row(`${name}: batch laid out before, ns per decision`, engine.block);
}
row("WASM batch over native batch (reach: at most 1.4)", wasm.block / napi.block);
row("one call each over batch from objects, WASM (at least 10)", wasm.single / wasm.objects);
row("one call each over batch from objects, napi", napi.single / napi.objects);
