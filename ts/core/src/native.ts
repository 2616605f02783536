/** Loads the native addon: the one built here, else the optional package of this platform. */

import { createRequire } from "node:module";
import type { Binding } from "./binding.js";

const require = createRequire(import.meta.url);

/** Platforms in the words of the addon's build; Linux has two C libraries, and only the right one loads. */
function platforms(): string[] {
  const platform = `${process.platform}-${process.arch}`;
  return process.platform === "linux" ? [`${platform}-gnu`, `${platform}-musl`] : [platform];
}

/** Throws an `AggregateError` of everything that was tried. */
export function loadNative(): Binding {
  const tried = platforms().flatMap((platform) => [
    `../native/ghost-core.${platform}.node`,
    `@ghost-gateway/core-${platform}`,
  ]);
  const reasons: unknown[] = [];
  for (const name of tried) {
    try {
      const binding: Binding = require(name);
      return binding;
    } catch (reason) {
      reasons.push(reason);
    }
  }
  throw new AggregateError(reasons, `no native addon for ${process.platform}-${process.arch}`);
}
