/** The configuration's text, with what is wrong underlined where it stands. */

import { autocompletion, closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, indentOnInput } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { compiled, format, text } from "../state.js";
import { followPaste } from "./Header.js";
import { marksOf } from "./marks.js";
import { editorTheme } from "./theme.js";

const language = new Compartment();
/** Set by the editor while it is on the page. */
let current: EditorView | undefined;

/** Puts the cursor where a finding or a rule stands. */
export function goTo(line: number, column: number): void {
  if (current === undefined || line < 1 || line > current.state.doc.lines) return;
  const { from, to } = current.state.doc.line(line);
  const anchor = Math.min(from + Math.max(0, column - 1), to);
  current.dispatch({
    selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: "center" }),
  });
  current.focus();
}

export function Editor() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const view = new EditorView({ parent: place.current, state: newState() });
    current = view;
    const stops = [followText(view), followFormat(view), followFindings(view)];
    return () => {
      for (const stop of stops) stop();
      current = undefined;
      view.destroy();
    };
  }, []);
  return <div class="editor" ref={place} data-test="editor" />;
}

function newState(): EditorState {
  return EditorState.create({
    doc: text.peek(),
    extensions: [
      lineNumbers(),
      foldGutter(),
      lintGutter(),
      history(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      language.of(json()),
      editorTheme,
      EditorView.contentAttributes.of({ "aria-label": "Configuration" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) text.value = update.state.doc.toString();
      }),
      EditorView.domEventHandlers({
        paste: (event, view) => {
          const pasted = event.clipboardData?.getData("text/plain") ?? "";
          const { main } = view.state.selection;
          // Only when it replaces everything: a pasted line says nothing about the rest.
          if (main.from === 0 && main.to === view.state.doc.length) followPaste(pasted);
          return false;
        },
      }),
    ],
  });
}

/** Examples and links set the text; what the visitor types is there already. */
function followText(view: EditorView): () => void {
  return effect(() => {
    const { value: insert } = text;
    if (insert !== view.state.doc.toString())
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
  });
}

function followFormat(view: EditorView): () => void {
  return effect(() => {
    const extension = format.value === "manifests" ? yaml() : json();
    view.dispatch({ effects: language.reconfigure(extension) });
  });
}

function followFindings(view: EditorView): () => void {
  return effect(() => {
    const { diagnostics } = compiled.value;
    view.dispatch(setDiagnostics(view.state, marksOf(diagnostics, view.state.doc)));
  });
}
