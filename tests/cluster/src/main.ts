// node tests/cluster/src/main.ts [NAME]: starts a cluster, prints its KUBECONFIG, and stays until it is interrupted.

import { startCluster } from "./index.ts";

const [name = "dev"] = process.argv.slice(2);
const began = Date.now();
const seconds = () => ((Date.now() - began) / 1000).toFixed(1);
const say = (line: string) =>
  process.stderr.write(`cluster ${name} ${seconds().padStart(5)} s  ${line}\n`);

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => resolve());
});
try {
  const cluster = await startCluster({ name, say });
  say("ready; interrupt to stop");
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}\n`);
  await Promise.race([interrupted, cluster.lost]);
  say("stopping");
  await cluster.stop();
  say("stopped, nothing is left");
} catch (error) {
  process.stderr.write(
    `cluster ${name}: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
