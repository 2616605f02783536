/** The core, by its facade, behind the narrow interface that the comparison knows. */

import { type EngineName, loadCore } from "@ghost-gateway/core";
import type { Compiled, Engine } from "./compare.ts";
import type { Document } from "./document.ts";
import type { Decision, Question } from "./question.ts";

export type { EngineName };

const FILE = "ghost.json";

/** The core as the native addon or as WebAssembly. */
export function coreEngine(name: EngineName): Engine {
  const core = loadCore(name);
  return {
    compile(document: Document): Compiled | null {
      const { table, diagnostics } = core.compile({
        routes: Buffer.from(JSON.stringify(document)),
        file: FILE,
      });
      if (table === null) return null;
      return {
        diagnostics,
        decide({ request, draw, listener }: Question): Decision {
          const headers = request.headers.map(([name, value]): [string, string] => [name, value]);
          const options = listener === undefined ? { draw } : { draw, listener };
          return table.decide({ ...request, headers }, options);
        },
        dispose: () => table.dispose(),
      };
    },
  };
}
