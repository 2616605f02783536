// Before any test: the programs are built, once, by one process, with progress shown.

import { buildPrograms } from "@ghost-gateway/cluster";

export async function setup(): Promise<void> {
  await buildPrograms((line) => process.stderr.write(`cluster: ${line}\n`));
}
