/** The status of a chaperone as people read it. Pure. */

import type { ChaperoneStatus, HistoryEntry } from "@ghost-gateway/chaperone/control";
import type { Output } from "../io.js";
import { columns } from "./columns.js";
import { printableLine } from "./printable.js";

export function renderStatus(
  status: ChaperoneStatus,
  paint: Output["paint"],
  isWide: boolean,
): string {
  const rows = [
    ...stateRows(status, paint),
    ...appliedRows(status, paint),
    ...(isWide ? wideRows(status) : []),
  ];
  return rows.map(([name, text]) => `${paint("dim", name.padEnd(11))} ${text}\n`).join("");
}

type Row = readonly [string, string];

function stateRows(status: ChaperoneStatus, paint: Output["paint"]): Row[] {
  const { state, ready, source, engine, listeners, sessions } = status;
  return [
    [
      "state",
      `${paint(ready ? "green" : "yellow", state)}${ready ? "" : ", not ready"}${sessions === null ? "" : `, ${sessions} sessions open`}`,
    ],
    ["source", printableLine(`${source.kind} ${source.paths.join(", ")}`)],
    [
      "engine",
      engine === null
        ? "none"
        : printableLine(`${engine.version}, child ${engine.child}, ${engine.childDeaths} deaths`),
    ],
    ...listeners.map(({ name, address, port }): Row => [
      "listener",
      printableLine(`${name} at ${address}${port === undefined ? "" : `:${port}`}`),
    ]),
  ];
}

function appliedRows({ applied, held, refused }: ChaperoneStatus, paint: Output["paint"]): Row[] {
  const rows: Row[] = [];
  if (applied === null) rows.push(["serving", "nothing yet"]);
  else {
    const { routes, endpoints, number, appliedAt, origin } = applied;
    rows.push([
      "serving",
      printableLine(
        `number ${number} since ${appliedAt} (${origin}): generation ${routes.generation}, ${routes.count} routes, ${endpoints.count} endpoints`,
      ),
    ]);
    for (const { route, code, message } of routes.quarantined)
      rows.push([
        "quarantined",
        `${paint("yellow", code)} ${printableLine(`${route}: ${message}`)}`,
      ]);
  }
  if (held) rows.push(["held", "after a rollback the source is held back until it changes"]);
  if (refused !== null)
    rows.push([
      "refused",
      `${paint("red", `by ${refused.by}`)} at ${refused.at}: ${printableLine(refused.message)}`,
    ]);
  return rows;
}

function wideRows({ pid, startedAt, folder, applied, vcl }: ChaperoneStatus): Row[] {
  return [
    ["process", `${pid} since ${startedAt}`],
    ["folder", printableLine(folder)],
    ...(applied === null ? [] : [["checksum", applied.routes.sha256] as const]),
    ...(vcl === null
      ? []
      : [
          [
            "vcl",
            printableLine(`${vcl.name}, user VCL ${vcl.user ?? "none"}, since ${vcl.loadedAt}`),
          ] as const,
        ]),
  ];
}

export function renderHistory(entries: readonly HistoryEntry[], isWide: boolean): string {
  const heads = [
    "number",
    "applied",
    "origin",
    "generation",
    "routes",
    "endpoints",
    ...(isWide ? ["files", "sha256"] : []),
  ];
  const rows = entries.map(({ number, appliedAt, origin, routes, endpoints, files }) => [
    String(number),
    appliedAt,
    origin,
    String(routes.generation ?? "-"),
    String(routes.count),
    String(endpoints?.count ?? "-"),
    ...(isWide ? [printableLine(files.join(",")), routes.sha256] : []),
  ]);
  return `${columns(heads, rows).join("\n")}\n`;
}
