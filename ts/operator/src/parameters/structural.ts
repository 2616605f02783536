/** The few shapes typebox has no word for, as a CRD's structural schema wants them: a type on every node, no `$ref`. */

import * as Type from "typebox";
import type { Static, TSchema, TUnsafe } from "typebox";

/** One of some words. */
export function oneOf<const Words extends readonly string[]>(
  words: Words,
  options: { readonly description: string; readonly default?: Words[number] },
): TUnsafe<Words[number]> {
  return Type.Unsafe<Words[number]>({ type: "string", enum: [...words], ...options });
}

/** Names to values; `additionalProperties`, for CRDs refuse `patternProperties`. */
export function mapOf<Value extends TSchema>(
  value: Value,
  options: { readonly description: string; readonly maxProperties: number },
): TUnsafe<Readonly<Record<string, Static<Value>>>> {
  return Type.Unsafe<Readonly<Record<string, Static<Value>>>>({
    type: "object",
    additionalProperties: value,
    ...options,
  });
}

/** What the API server checks elsewhere: passed on whole into the Pod, where it is checked by whom it concerns. */
export function passedOn(
  type: "object" | "array",
  options: { readonly description: string; readonly maxItems?: number },
): TUnsafe<unknown> {
  const free = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return Type.Unsafe(
    type === "object" ? { ...free, ...options } : { type, items: free, ...options },
  );
}

/** A number or a text, as in `maxUnavailable: 50%`. */
export function integerOrPercent(options: {
  readonly description: string;
}): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({
    "x-kubernetes-int-or-string": true,
    pattern: "^\\d{1,9}%?$",
    anyOf: [{ type: "integer" }, { type: "string" }],
    ...options,
  });
}
