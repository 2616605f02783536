/** Writes documents and history without end, as the chaperone does, until it is killed. */

import { join } from "node:path";
import { Generations } from "../../ts/chaperone/dist/apply/generations.js";
import { writeAtomically } from "../../ts/chaperone/dist/apply/write.js";

const [, , run = "", seed = "0"] = process.argv;
const generations = await Generations.open(join(run, "generations"));
for (let count = 0; ; count += 1) {
  const mark = `${seed}-${count}`;
  const routes = Buffer.from(
    JSON.stringify({ begin: mark, filler: "x".repeat(200_000), end: mark }),
  );
  await writeAtomically(join(run, "ghost.json"), routes);
  await generations.record(
    { routes, endpoints: Buffer.from(`{"endpoints":"${mark}"}`) },
    {
      origin: "source",
      files: [],
      routes: { generation: count, count: 1, isCounted: false },
      endpoints: { generation: count, count: 1 },
      appliedAt: new Date().toISOString(),
    },
  );
  if (count === 0) process.stdout.write("written once\n");
}
