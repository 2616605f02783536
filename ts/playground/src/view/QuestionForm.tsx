/** The request to ask about. */

import { question } from "../state.js";
import type { Question } from "../engine/question.js";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

function change(part: Partial<Question>): void {
  question.value = { ...question.value, ...part };
}

export function QuestionForm() {
  const { method, url, headers, draw } = question.value;
  return (
    <form class="question" onSubmit={(event) => event.preventDefault()}>
      <div class="line">
        <input
          aria-label="Method"
          class="method"
          list="methods"
          value={method}
          onInput={({ currentTarget }) => change({ method: currentTarget.value })}
        />
        <datalist id="methods">
          {methods.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <input
          aria-label="URL"
          data-test="url"
          spellcheck={false}
          value={url}
          onInput={({ currentTarget }) => change({ url: currentTarget.value })}
        />
      </div>
      <textarea
        aria-label="Headers, a line each"
        data-test="headers"
        placeholder="x-version: 2"
        rows={2}
        spellcheck={false}
        value={headers}
        onInput={({ currentTarget }) => change({ headers: currentTarget.value })}
      />
      <label class="draw">
        Draw
        <input
          type="range"
          min="0"
          max="0.999"
          step="0.001"
          value={draw}
          data-test="draw"
          onInput={({ currentTarget }) => change({ draw: Number(currentTarget.value) })}
        />
        <output>{draw.toFixed(3)}</output>
      </label>
    </form>
  );
}
