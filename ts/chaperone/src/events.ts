/** What happens while a chaperone runs, for whoever shows or records it. */

import type { Diagnostic } from "@ghost-gateway/core";
import type { ListenAddress } from "./admin/replies.js";
import type { ReloadAnswer } from "./apply/answer.js";
import type { LogLevel } from "./engine/log.js";

export type ChaperoneEvent =
  /** The engine serves. */
  | {
      readonly type: "ready";
      readonly listeners: readonly ListenAddress[];
      readonly pid: number;
      readonly folder: string;
      readonly answer: ReloadAnswer;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** The engine acknowledged new documents. */
  | {
      readonly type: "reloaded";
      readonly answer: ReloadAnswer;
      readonly diagnostics: readonly Diagnostic[];
    }
  | Refused
  /** Worth knowing. */
  | { readonly type: "notice"; readonly level: LogLevel; readonly message: string }
  /** A line of the engine's own log. */
  | { readonly type: "engineLog"; readonly level: LogLevel; readonly message: string }
  /** Row C6; `sessions` are those still open, where that is known. */
  | { readonly type: "draining"; readonly message: string; readonly sessions?: number }
  /** It is over. */
  | { readonly type: "stopped"; readonly message: string };

/** Something is not used. */
export interface Refused {
  readonly type: "refused";
  readonly by: "source" | "core" | "engine";
  readonly message: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether what served before serves on; else nothing serves. */
  readonly isServing: boolean;
}

export type OnEvent = (event: ChaperoneEvent) => void;

/**
 * How a chaperone ends: 0 well; 1 the engine failed; 2 asked for something that cannot be; 3 the first configuration was refused;
 * 5 draining was cut short.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 5;
