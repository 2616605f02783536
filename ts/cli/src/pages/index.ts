/** Every page that is made from the table of commands, by its path in the repository. `make generate` writes them. */

import { commands } from "../commands.js";
import { completionScript } from "./completion.js";
import { commandPage, programPage } from "./man.js";
import { reference } from "./reference.js";

/** Whole files. */
export function pages(): Map<string, string> {
  return new Map([
    ["ts/cli/man/ghostctl.1", programPage(commands)],
    ...commands.map(
      (command) => [`ts/cli/man/ghostctl-${command.name}.1`, commandPage(command)] as const,
    ),
    ...(["bash", "zsh", "fish"] as const).map(
      (shell) =>
        [`ts/cli/completions/ghostctl.${shell}`, completionScript(shell, commands)] as const,
    ),
  ]);
}

const begin = "<!-- begin of the reference: made from the table of commands by `make generate` -->";
const end = "<!-- end of the reference -->";

/** docs/ghostctl.md with its reference as it has to be. */
export function withReference(page: string): string {
  const [before, rest] = page.split(begin, 2);
  const after = rest?.split(end, 2)[1];
  if (after === undefined) throw new Error("docs/ghostctl.md has no place for the reference");
  return `${before}${begin}\n\n${reference(commands)}\n${end}${after}`;
}
