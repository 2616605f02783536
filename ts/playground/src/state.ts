/** What the page knows: a few signals, and what follows from them. */

import { computed, signal } from "@preact/signals";
import type { Core, Explanation } from "@ghost-gateway/core/browser";
import { compile } from "./engine/compile.js";
import type { Compiled, Format } from "./engine/compile.js";
import { readQuestion } from "./engine/question.js";
import type { Question } from "./engine/question.js";
import { examples } from "./example/examples.js";
import type { Shared } from "./share/fragment.js";

const [first] = examples;

export const core = signal<Core | undefined>(undefined);
export const text = signal(first.text);
export const format = signal<Format>(first.format);
export const question = signal<Question>(first.question);

/** Why the core is not there, or no longer. */
export const failure = signal<string | undefined>(undefined);

export const compiled = computed<Compiled>(() => {
  const { value: loaded } = core;
  if (loaded === undefined) return { table: null, diagnostics: [] };
  return compile(loaded, text.value, format.value);
});

export type Answer =
  | { readonly kind: "explained"; readonly explanation: Explanation }
  /** The form, or the core, says why not. */
  | { readonly kind: "none"; readonly why: string };

export const answer = computed<Answer>(() => {
  const { table } = compiled.value;
  if (core.value === undefined) return { kind: "none", why: "The core is loading." };
  if (table === null)
    return { kind: "none", why: "The configuration cannot be read; see what is wrong with it." };
  const asked = readQuestion(question.value);
  if (asked.mistake !== undefined) return { kind: "none", why: asked.mistake };
  try {
    return { kind: "explained", explanation: table.explain(asked.request, asked.options) };
  } catch (error) {
    return { kind: "none", why: error instanceof Error ? error.message : String(error) };
  }
});

export function shared(): Shared {
  return { text: text.value, format: format.value, question: question.value };
}

export function show(state: Shared): void {
  text.value = state.text;
  format.value = state.format;
  question.value = state.question;
}
