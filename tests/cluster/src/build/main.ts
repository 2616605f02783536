// node tests/cluster/src/build/main.ts [PROGRAM...]: builds the programs of the cluster, all by default.

import { buildPrograms } from "./programs.ts";

const names = process.argv.slice(2);
const say = (line: string) => process.stderr.write(`cluster: ${line}\n`);
await buildPrograms(say, names.length > 0 ? names : undefined);
