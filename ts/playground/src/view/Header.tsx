/** Name, examples, format, share. */

import { useSignal } from "@preact/signals";
import { formatOf } from "../engine/compile.js";
import type { Format } from "../engine/compile.js";
import { examples } from "../example/examples.js";
import { toFragment } from "../share/fragment.js";
import { core, format, shared, show } from "../state.js";

export function Header() {
  return (
    <header>
      <h1>
        <img src="./icon.svg" alt="" width="22" height="22" /> Ghost playground
      </h1>
      <ExampleChoice />
      <FormatChoice />
      <ShareButton />
      <span class="version">
        {core.value === undefined ? "loading" : `core ${core.value.version}`}
      </span>
    </header>
  );
}

function ExampleChoice() {
  return (
    <label>
      Example{" "}
      <select
        data-test="example"
        onChange={({ currentTarget }) => {
          const example = examples[Number(currentTarget.value)];
          if (example !== undefined) show(example);
        }}
      >
        {examples.map(({ name }, index) => (
          <option key={name} value={index}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const formats: readonly Format[] = ["ghost.json", "manifests"];
const formatNames: Record<Format, string> = {
  "ghost.json": "ghost.json",
  manifests: "Gateway API",
};

function FormatChoice() {
  return (
    <fieldset class="format" aria-label="Format of the configuration">
      {formats.map((name) => (
        <label key={name} class={format.value === name ? "chosen" : ""}>
          <input
            type="radio"
            name="format"
            checked={format.value === name}
            onChange={() => {
              format.value = name;
            }}
          />
          {formatNames[name]}
        </label>
      ))}
    </fieldset>
  );
}

function ShareButton() {
  const said = useSignal("");
  const share = async (): Promise<void> => {
    const fragment = await toFragment(shared());
    if (fragment === undefined) {
      said.value = "Too long for a link.";
      return;
    }
    history.replaceState(null, "", `#${fragment}`);
    // The address bar has it in any case; the clipboard may be forbidden.
    said.value = await navigator.clipboard.writeText(location.href).then(
      () => "Link copied.",
      () => "The link is in the address bar.",
    );
  };
  return (
    <>
      <button type="button" data-test="share" onClick={() => void share()}>
        Share
      </button>
      <output class="said">{said.value}</output>
    </>
  );
}

/** A pasted text brings its format. */
export function followPaste(pasted: string): void {
  format.value = formatOf(pasted);
}
