/** Events as JSON lines with stable names, for machines. */

import { pino } from "pino";
import type { DestinationStream } from "pino";
import type { ChaperoneEvent, OnEvent } from "./events.js";
import type { LogLevel } from "./engine/log.js";

/** Writes every event of at least this level as one line: `level`, `time`, `event`, `msg`, and the event's own fields. */
export function eventLog(destination: DestinationStream, level = "debug"): OnEvent {
  const logger = pino(
    { base: null, level, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  return (event) => {
    logger[levelOf(event)]({ event: event.type, ...fieldsOf(event) }, wordsOf(event));
  };
}

/** Everything that the line does not say elsewhere. */
function fieldsOf(event: ChaperoneEvent): object {
  const { type: _type, ...fields } = event;
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== "message" && name !== "level"),
  );
}

/** Reads a line of such a log. Throws a SyntaxError for a line that is none. */
export function readEvent(line: string): ChaperoneEvent {
  const { event, msg, time: _time, ...fields } = JSON.parse(line);
  return { type: event, message: msg, ...fields };
}

function levelOf(event: ChaperoneEvent): LogLevel {
  if (event.type === "notice" || event.type === "engineLog") return event.level;
  return event.type === "refused" ? "error" : "info";
}

function wordsOf(event: ChaperoneEvent): string {
  if (event.type === "ready") return "The engine serves";
  if (event.type === "reloaded") return "The engine acknowledged new documents";
  return event.message;
}
