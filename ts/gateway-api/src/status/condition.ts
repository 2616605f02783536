/**
 * Conditions as Kubernetes has them, made of typed reasons. The time of the last change is added by
 * whoever writes them.
 */

import type { Finding } from "../diagnostics.js";
import type { ObjectMeta } from "../objects.js";
import { renderPath } from "../source.js";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  /** Absent when the object has no generation, as in files. */
  readonly observedGeneration?: number;
}

/** A condition before it is joined with its object's generation. */
export type Verdict = Omit<Condition, "observedGeneration">;

/** Joins verdicts with the generation they were made on. */
export function conditions(
  { generation }: ObjectMeta,
  ...verdicts: readonly (Verdict | undefined)[]
): Condition[] {
  const made = verdicts.filter((verdict) => verdict !== undefined);
  return generation === undefined
    ? made
    : made.map((verdict) => ({ ...verdict, observedGeneration: generation }));
}

/** A finding about a value's shape says nothing without the place of the value. */
export function told({ path, message }: Finding): string {
  return path.length === 0 ? message : `${renderPath(path)}: ${message}`;
}

const mostMessages = 8;

/** Whatever went wrong first gives the reason; messages of the others follow as far as there is room. */
export function negative(
  type: string,
  problems: readonly { readonly reason: string; readonly message: string }[],
): Verdict | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const messages = problems.slice(0, mostMessages).map(({ message }) => message);
  if (problems.length > mostMessages) messages.push(`And ${problems.length - mostMessages} more.`);
  return { type, status: "False", reason: first.reason, message: messages.join(" ") };
}

export function positive(type: string, reason: string, message: string): Verdict {
  return { type, status: "True", reason, message };
}
