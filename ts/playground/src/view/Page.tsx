/** The whole page. */

import { failure } from "../state.js";
import { Answer } from "./Answer.js";
import { Editor } from "./Editor.js";
import { Findings } from "./Findings.js";
import { Graph } from "./Graph.js";
import { Header } from "./Header.js";
import { QuestionForm } from "./QuestionForm.js";

export function Page() {
  return (
    <>
      <Header />
      {failure.value !== undefined && (
        <p class="failure" role="alert">
          {failure.value}. Load the page again.
        </p>
      )}
      <div class="columns">
        <section class="configuration" aria-label="Configuration">
          <Editor />
          <Findings />
        </section>
        <section class="request" aria-label="Request">
          <QuestionForm />
          <Answer />
          <Graph />
        </section>
      </div>
    </>
  );
}
