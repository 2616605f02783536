/** `ghostctl demo`: the acts in their order, and what stays up after them. */

import { stopOnSignals } from "@ghost-gateway/chaperone";
import type { Run } from "../command.js";
import { compareRequests, flipUnderLoad, measureSplit } from "../demo/acts.js";
import { allowedBy } from "../demo/configuration.js";
import type { Split } from "../demo/configuration.js";
import { Ledger } from "../demo/ledger.js";
import type { Audit } from "../demo/ledger.js";
import { comparisonTable, ledgerTable, measurementTable, Report } from "../demo/report.js";
import { onStage } from "../demo/stage.js";
import type { Stage } from "../demo/stage.js";
import { exitCode, usageFailure } from "../exit.js";
import type { Io } from "../io.js";
import { currentLines } from "../lines.js";
import { renderDiagnostic } from "../render/diagnostics.js";
import { renderEvent } from "../render/event.js";

interface Options {
  readonly injectFault?: boolean;
  readonly requests: string;
}

interface Load {
  readonly requests: number;
  readonly isFaulty: boolean;
}

const split: Split = { blue: 9, green: 1 };
const measuredRequests = 2000;
const flips = 20;
/** A fair split is further off than this once in 1.7 million runs. */
const mostDeviations = 5;

export const demo: Run<Options> = async (_words, { injectFault = false, requests }, io) => {
  const load = { requests: Number(requests), isFaulty: injectFault };
  if (!Number.isInteger(load.requests) || load.requests < flips)
    throw usageFailure(`--requests ${requests}: write a whole number, ${flips} or more`);
  const stop = stopOnSignals();
  const ledger = new Ledger();
  try {
    return await onStage(ledger, split, async (stage) => {
      stop.now.addEventListener("abort", () => stage.gateway.stop());
      const isGood = await Promise.race([
        perform(stage, load, io),
        aborted(stop.drain).then(() => false),
      ]);
      if (!isGood) return exitCode.findings;
      if (io.isInteractive) await stayUp(stage, io, stop.drain);
      return exitCode.fine;
    });
  } finally {
    stop.dispose();
  }
};

/** All acts; true when nothing disagreed. */
async function perform(stage: Stage, load: Load, io: Io): Promise<boolean> {
  const report = new Report(io);
  report.say(`varnishd serves ${stage.file} at http://127.0.0.1:${stage.port}`);
  await showRequests(stage, report);
  await showSplit(stage, report);
  await showFlips(stage, load, report, io);
  report.say(report.isGood ? "\nEverything agreed" : "\nSomething disagreed; see above");
  return report.isGood;
}

async function showRequests(stage: Stage, report: Report): Promise<void> {
  report.title("Twenty requests, asked of the core and sent for real");
  const compared = await compareRequests(stage, split);
  report.table(comparisonTable(compared));
  report.verdict(
    compared.every(({ isSame }) => isSame),
    "every answer is the simulated one",
  );
}

async function showSplit(stage: Stage, report: Report): Promise<void> {
  report.title(
    `A split of ${split.blue} to ${split.green}, measured on ${measuredRequests} requests`,
  );
  const measured = await measureSplit(stage, split, measuredRequests);
  report.table(measurementTable(measured));
  const isComplete = measured.blue + measured.green === measured.requests;
  report.verdict(
    isComplete && measured.deviations < mostDeviations,
    `all answered, and within ${mostDeviations} standard deviations`,
  );
}

async function showFlips(stage: Stage, load: Load, report: Report, io: Io): Promise<void> {
  report.title(
    `All requests sent from one service to the other and back, ${flips} times, while they run`,
  );
  stage.ledger.edited(allowedBy(split), performance.now());
  const flipped = await flipUnderLoad(stage, { ...load, flips });
  const audit = stage.ledger.audit();
  report.table(ledgerTable(audit, flipped));
  judgeLedger(audit, load, report);

  report.title("A broken edit meanwhile");
  for (const diagnostic of flipped.refused)
    io.out.write(renderDiagnostic(diagnostic, () => flipped.broken, io.out.paint));
  const isLocated = flipped.refused.some(({ file, line }) => file === stage.file && line > 0);
  report.verdict(
    isLocated,
    `refused, with its place; ${flipped.meanwhile} requests were served while it lay there`,
  );
}

/** With seeded faults, a ledger that stays clean is the worse failure: it would find no real one either. */
function judgeLedger(
  { requests, lost, duplicated, wrong }: Audit,
  load: Load,
  report: Report,
): void {
  if (load.isFaulty && (lost === 0 || duplicated === 0 || wrong === 0))
    report.verdict(
      false,
      "the ledger finds the request that was lost, the one sent twice and the one answered by another service",
    );
  report.verdict(
    lost + duplicated + wrong === 0 && requests >= load.requests,
    "no request lost, none duplicated, none answered by a service that was not allowed",
  );
}

/** Serves on until it is told to end. */
async function stayUp({ port, file, gateway }: Stage, io: Io, end: AbortSignal): Promise<void> {
  io.out.write(
    `\nStill serving. Try in another terminal:\n` +
      `  curl -H 'host: shop.example' http://127.0.0.1:${port}/cart\n` +
      `  npx ghostctl simulate -c ${file} http://shop.example/cart\n` +
      `  npx ghostctl check ${file}\n` +
      `and edit ${file}: every change is served at once, or refused with its place.\nCtrl-C ends it.\n\n`,
  );
  const style = { isVerbose: false, paint: io.err.paint, read: currentLines };
  gateway.listen((event) => io.err.write(renderEvent(event, style)));
  await aborted(end);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
