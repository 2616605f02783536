/**
 * Tells the service manager how far we are (sd_notify(3)). Does nothing where none asked: without NOTIFY_SOCKET.
 *
 * Node has no datagram sockets of the kind that is needed, so systemd's own program sends the message; the unit therefore says
 * NotifyAccess=all.
 */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ChaperoneEvent } from "../events.js";

const run = promisify(execFile);

export type Notify = (...lines: readonly string[]) => void;

/** Messages go out one after the other, in their order. `onFailure` is told once. */
export function notifier(
  environment: NodeJS.ProcessEnv,
  onFailure: (message: string) => void,
): { readonly notify: Notify; readonly sent: () => Promise<void> } {
  let work = Promise.resolve();
  let hasFailed = false;
  const notify: Notify = (...lines) => {
    if (!environment["NOTIFY_SOCKET"]) return;
    work = work.then(async () => {
      try {
        await run("systemd-notify", [...lines], { env: environment, timeout: 5000 });
      } catch (error) {
        if (!hasFailed)
          onFailure(
            `systemd-notify failed: ${error instanceof Error ? error.message : String(error)}`,
          );
        hasFailed = true;
      }
    });
  };
  return { notify, sent: () => work };
}

/** What an event means for a service manager. Pure. */
export function notices(event: ChaperoneEvent): readonly string[] {
  if (event.type === "ready")
    return ["READY=1", `STATUS=serving generation ${String(event.answer.routes.generation)}`];
  if (event.type === "reloaded")
    return [`STATUS=serving generation ${String(event.answer.routes.generation)}`];
  if (event.type === "draining") return ["STOPPING=1", `STATUS=${oneLine(event.message)}`];
  return [];
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ").slice(0, 200);
}
