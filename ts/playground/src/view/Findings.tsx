/** Everything that is wrong or doubtful, one line each. */

import { compiled } from "../state.js";
import { goTo } from "./Editor.js";

/** More would be a page of its own; the count says how many there are. */
const most = 100;

export function Findings() {
  const { diagnostics } = compiled.value;
  if (diagnostics.length === 0)
    return (
      <p class="findings none" data-test="findings">
        No findings.
      </p>
    );
  return (
    <ol class="findings" data-test="findings">
      {diagnostics.slice(0, most).map(({ code, severity, line, column, message, help }, index) => (
        <li key={index} class={severity}>
          <button type="button" onClick={() => goTo(line, column)} title={help}>
            <b>{severity}</b> <code>{code}</code> {line > 0 && `${line}:${column} `}
            {message}
          </button>
        </li>
      ))}
      {diagnostics.length > most && <li>and {diagnostics.length - most} more</li>}
    </ol>
  );
}
