// Runs the edge's integration tests: the real binary between real clients and real backends.
//
//	node tests/edge/run.ts [word in the test's name]
//
// GHOST_EDGE is the binary (default target/debug/ghost-edge). Ends with "N passed, N failed".

import { backends } from "./backends.ts";
import { balancing } from "./balancing.ts";
import { clients } from "./clients.ts";
import type { Test } from "./edge.ts";
import { forwarding } from "./forwarding.ts";
import { life } from "./life.ts";
import { limits } from "./limits.ts";
import { meaning } from "./meaning.ts";
import { operation } from "./operation.ts";
import { policies } from "./policies.ts";
import { tls } from "./tls.ts";

const wanted = process.argv[2] ?? "";
const tests: [string, Test][] = Object.entries({
  ...forwarding,
  ...policies,
  ...balancing,
  ...tls,
  ...meaning,
  ...limits,
  ...life,
  ...operation,
  ...backends,
  ...clients,
}).filter(([name]) => name.includes(wanted));

let [passed, failed] = [0, 0];
for (const [name, test] of tests) {
  const ends: (() => Promise<void> | void)[] = [];
  try {
    await test((end) => ends.push(end));
    passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n  ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
