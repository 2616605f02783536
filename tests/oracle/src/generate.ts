/** Random tables with questions about them, the same for the same seed and number on every machine. */

import type { Document } from "./document.ts";
import { Random } from "./generate/random.ts";
import { randomQuestion } from "./generate/request.ts";
import { randomDocument } from "./generate/table.ts";
import { randomWords } from "./generate/words.ts";
import type { Question } from "./question.ts";

export interface Round {
  readonly document: Document;
  readonly questions: readonly Question[];
}

/** Round `number` of a seed; each has its own numbers, so that one alone can be asked again. */
export function randomRound(seed: number, number: number, questions: number): Round {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const words = randomWords(random);
  const document = randomDocument(random, words);
  return {
    document,
    questions: random.list(questions, () => randomQuestion(random, words, document)),
  };
}
