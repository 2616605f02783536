/** What a chaperone tells, as people read it. Pure. */

import type {
  ChaperoneEvent,
  ListenAddress,
  LogLevel,
  ReloadAnswer,
} from "@ghost-gateway/chaperone";
import type { Output, Style } from "../io.js";
import { renderDiagnostic } from "./diagnostics.js";
import type { SourceLines } from "./diagnostics.js";
import { printable, printableLine } from "./printable.js";

type Paint = Output["paint"];

/** How events are shown. */
export interface EventStyle {
  /** Whether the engine's whole log is shown. */
  readonly isVerbose: boolean;
  readonly paint: Paint;
  /** Lines of the files that findings name, as they are now. */
  readonly read: () => SourceLines;
}

/** Lines with their newlines; empty for what is not worth one. */
export function renderEvent(event: ChaperoneEvent, style: EventStyle): string {
  const { isVerbose, paint } = style;
  switch (event.type) {
    case "ready":
      return (
        lines([
          ...event.listeners.map((listener) => describeListener(listener, paint)),
          describeAnswer("with", event.answer),
        ]) + renderFindings(event, style)
      );
    case "reloaded":
      return (
        lines([describeAnswer(paint("green", "reloaded"), event.answer)]) +
        renderFindings(event, style)
      );
    case "refused":
      return (
        lines([
          `${paint("red", "refused")} ${printable(event.message)}${event.isServing ? "; what served before serves on" : ""}`,
        ]) + renderFindings(event, style)
      );
    case "notice":
      return lines([`${paint(colours[event.level], event.level)} ${printable(event.message)}`]);
    case "engineLog":
      return isShown(event.level, isVerbose)
        ? lines([`${paint("dim", "varnishd")} ${printable(event.message)}`])
        : "";
    case "draining":
    case "stopped":
      break;
  }
  return lines([printable(event.message)]);
}

const colours: Readonly<Record<LogLevel, Style>> = {
  debug: "dim",
  info: "dim",
  warn: "yellow",
  error: "red",
};

function isShown(level: LogLevel, isVerbose: boolean): boolean {
  return isVerbose || level === "error" || level === "warn";
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

function describeListener(listener: ListenAddress, paint: Paint): string {
  return `${paint("green", "serving")} ${urlOf(listener)} ${paint("dim", `(listener ${listener.name})`)}`;
}

function describeAnswer(word: string, { routes, endpoints, tookMs }: ReloadAnswer): string {
  const quarantined =
    routes.quarantined.length === 0 ? "" : `, ${routes.quarantined.length} quarantined`;
  return `${word} generation ${routes.generation}: ${count(routes.count, "route")}${quarantined}, ${count(endpoints.count, "endpoint")} (${tookMs.toFixed(1)} ms)`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

type WithFindings = Extract<ChaperoneEvent, { readonly type: "ready" | "reloaded" | "refused" }>;

function renderFindings({ diagnostics }: WithFindings, { paint, read }: EventStyle): string {
  const shown = diagnostics.filter(({ severity }) => severity !== "info");
  const source = read();
  return shown.map((diagnostic) => renderDiagnostic(diagnostic, source, paint)).join("");
}

/** As it is typed into a browser; a socket as a path. */
export function urlOf({ address, port }: ListenAddress): string {
  if (port === undefined) return printableLine(address);
  const host = address.includes(":") ? `[${address}]` : address;
  return `http://${host}${port === 80 ? "" : `:${port}`}`;
}
