/** The VMOD's manual, from its .vcc by the engine's own tool and from the description of its counters. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const engines = ["/usr/share/varnish", "/usr/share/vinyl-cache"];
const mark = "Generated from crates/ghost-vmod/vmod_ghost.vcc and ghost.vsc by `make generate`";

/** @returns {[name: string, text: string][]} the API page and the man page vmod_ghost(3) */
export function vmodManual(root) {
  const crate = join(root, "crates/ghost-vmod");
  const counters = countersSection(readFileSync(join(crate, "ghost.vsc"), "utf8"));
  // Whoever reads a manual looks for SEE ALSO at its end.
  const page = described(join(crate, "vmod_ghost.vcc"))
    .replace(/^(?:\.\.(?: .*)?\n)+/, `..\n\t${mark}; do not edit.\n`)
    .replace(/^ +$/gm, "")
    .replace(/^SEE ALSO\n/m, `${counters}SEE ALSO\n`);
  const man = execFileSync("/usr/bin/rst2man", { input: page, encoding: "utf8" });
  return [
    ["vmod_ghost.rst", page],
    ["vmod_ghost.3", `.\\" ${mark}.\n${man}`],
  ];
}

/** What the engine's tool makes of the .vcc; the same on every engine. */
function described(vcc) {
  const share = engines.find((folder) => existsSync(join(folder, "vmodtool.py")));
  if (share === undefined) throw new Error("There is no vmodtool.py: install libvarnishapi-dev");
  const folder = mkdtempSync(join(tmpdir(), "ghost-manual-"));
  try {
    const tool = join(share, "vmodtool.py");
    execFileSync("python3", [tool, "--strict", "-o", "vcc_if", vcc], { cwd: folder });
    return readFileSync(join(folder, "vmod_ghost.man.rst"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A definition list: name, then what it counts. */
function countersSection(vsc) {
  const [head, ...counters] = vsc.split("\n.. varnish_vsc:: ");
  const about = paragraphs(head);
  const entries = counters.map((text) => {
    const [name] = text.split("\n", 1);
    const [, line] = /:oneliner:\s*(.*)/.exec(text);
    const kind = /:type:\s*gauge/.test(text) ? "gauge" : "counter";
    return [`\`\`${name.trim()}\`\` (${kind})`, ...[`${line}.`, ...paragraphs(text)].map(indented)];
  });
  return `COUNTERS
========

${["``varnishstat`` shows them as ``GHOST.<object>.<name>``.", ...about].join(" ")}

${entries.map((lines) => lines.join("\n\n").replace("\n\n", "\n")).join("\n\n")}

`;
}

/** What stands behind the parameters, up to the end of the set. */
function paragraphs(text) {
  const own = text
    .split(/^\.\. varnish_vsc_end/m)[0]
    .split(/:(?:order|oneliner):.*\n\n/)
    .at(-1);
  return own
    .split(/\n\n+/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "" && !paragraph.includes(":oneliner:"));
}

function indented(paragraph) {
  return `\t${paragraph}`;
}
