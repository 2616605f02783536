/** Entry of ghost-chaperone: words in, JSON lines on standard output, exit code out. */

import { readFile } from "node:fs/promises";
import { runChaperone } from "../chaperone.js";
import { stopOnSignals } from "../drain/signals.js";
import { findVmod } from "../engine/vmod.js";
import type { ExitCode, OnEvent } from "../events.js";
import { eventLog } from "../log.js";
import { notices, notifier } from "./notify.js";
import { readWords, UsageError } from "./program.js";
import type { Settings } from "./program.js";

/** Runs with these words in place of the command line's. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  // Whoever reads the log may go away; what serves goes on.
  process.stdout.on("error", () => undefined);
  try {
    const asked = readWords(words, await version(), (text) => process.stdout.write(text));
    return asked.kind === "told" ? 0 : await run(asked.options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`error: ${error.message}\nghost-chaperone --help shows examples\n`);
    return 2;
  }
}

async function version(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version: number } = JSON.parse(text);
  return String(number);
}

async function run({ logLevel, ...settings }: Settings): Promise<ExitCode> {
  const vmod = findVmod(process.env);
  if (vmod === undefined)
    throw new UsageError(
      "libvmod_ghost.so or ghost.vcl is not found; name them with GHOST_VMOD and GHOST_VCL",
    );
  const log = eventLog({ write: (line) => process.stdout.write(line) }, logLevel);
  const { notify, sent } = notifier(process.env, (message) =>
    log({ type: "notice", level: "warn", message }),
  );
  const onEvent: OnEvent = (event) => {
    log(event);
    const lines = notices(event);
    if (lines.length > 0) notify(...lines);
  };
  const stop = stopOnSignals(process, Date.now, ["SIGINT", "SIGTERM"]);
  let reload: (() => Promise<void>) | undefined;
  const onHangup = (): void => {
    if (reload === undefined) return;
    notify("RELOADING=1");
    void reload().then(() => notify("READY=1"));
  };
  process.on("SIGHUP", onHangup);
  try {
    const onReload = (given: () => Promise<void>): void => void (reload = given);
    return await runChaperone({ ...settings, vmod, stop, onEvent, onReload });
  } finally {
    process.off("SIGHUP", onHangup);
    stop.dispose();
    await sent();
  }
}
