/** The translation at one go: a translator that takes in all objects and is thrown away. */

import type { LocatedObject } from "./source.js";
import { createTranslator } from "./translator.js";
import type { TranslateOptions, Translation } from "./translator.js";

/**
 * Translates Kubernetes objects. Pure and total: the order of `objects` does not matter, malformed
 * objects are told what is wrong with them and touch no others, nothing throws.
 */
export function translate(
  objects: readonly LocatedObject[],
  options: TranslateOptions = {},
): Omit<Translation, "forGateway"> {
  const { ir, document, infrastructure, statuses, diagnostics } = createTranslator(options).update({
    changed: objects,
  });
  return { ir, document, infrastructure, statuses, diagnostics };
}
