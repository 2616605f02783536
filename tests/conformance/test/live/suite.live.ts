// The official suite against a cluster without a gateway: it comes as far as it can, and the board says so.

import { expect, test } from "vitest";
import { startCluster } from "@ghost-gateway/cluster";
import { enter } from "../../src/enter.ts";
import { withoutGateway } from "../../src/without-gateway.ts";

test("the suite's pods become ready, it waits for Gateways, and the score is the one that is kept", async () => {
  const lines: string[] = [];
  const say = (line: string) => {
    lines.push(line);
    process.stderr.write(`conformance: ${line}\n`);
  };
  const cluster = await startCluster({ name: `conformance-${process.pid}`, say });
  try {
    const { board, complaints } = await enter(cluster, withoutGateway, { keep: false, say });
    expect(complaints).toEqual([]);
    expect(lines).toContain("all 23 pods of the base manifests are ready");
    expect(board.tests.every(({ outcome }) => outcome === "notRun")).toBe(true);
  } finally {
    await cluster.stop();
  }
});
