/** The words of ghost-chaperone's command line. Everything about commander is in this file. */

import { Command, CommanderError, Option } from "commander";
import { extraArguments } from "../engine/arguments.js";
import { parseListen } from "../engine/listeners.js";
import type { ListenOption } from "../engine/listeners.js";
import { isNetwork } from "../names/targets.js";
import { parseTcpAddress } from "../options.js";
import type { ChaperoneOptions, TcpAddress } from "../options.js";
import type { ErrorPolicy } from "../apply/verdict.js";
import type { SourceLocation } from "../sources/source.js";

/** The words cannot be used; the message is for whoever wrote them. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** What the words ask for. */
export type Asked =
  | { readonly kind: "run"; readonly options: Settings }
  /** Help or the version was printed. */
  | { readonly kind: "told" };

export type Settings = Omit<ChaperoneOptions, "vmod" | "stop" | "onEvent" | "core" | "onReload"> & {
  readonly logLevel: string;
};

interface Words {
  readonly config?: string;
  readonly file?: readonly string[];
  readonly controller?: string;
  readonly gateway?: string;
  readonly listen: readonly string[];
  readonly onError?: ErrorPolicy;
  readonly vcl?: string;
  readonly runFolder: string;
  readonly cacheSize: string;
  readonly jail?: string;
  readonly varnishd: string;
  readonly varnishstat: string;
  readonly health: string;
  readonly podHealth?: string;
  readonly metrics: string;
  readonly logLevel: string;
  readonly accessLog?: string;
  readonly varnishncsa: string;
  readonly allowTarget?: readonly string[];
}

const examples = `Runs varnishd with libvmod_ghost as one service: configuration by files, reload on change, drain on SIGTERM.

Examples:
  # One routing document, clients on port 80
  $ ghost-chaperone -c /etc/ghost/ghost.json --listen 0.0.0.0:80
  # A folder of Gateway API manifests and some VCL of your own
  $ ghost-chaperone -f /etc/ghost/routes.d --vcl /etc/ghost/my.vcl --listen 0.0.0.0:80
  # More of varnishd's own arguments stand behind --
  $ ghost-chaperone -c /etc/ghost/ghost.json -- -p default_ttl=10 -p workspace_client=128k
`;

const notes = `
Signals: SIGTERM and SIGINT drain, a second one stops at once; SIGHUP reads everything again.
Exit codes: 0 fine, 1 the engine failed, 2 usage, 3 configuration refused, 5 drain cut short.`;

/** Reads the words. Throws a UsageError. */
export function readWords(
  words: readonly string[],
  version: string,
  write: (text: string) => void,
): Asked {
  const program = makeProgram(version, write);
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "told" };
    throw new UsageError(error.message.replace(/^error: /, ""), { cause: error });
  }
  return { kind: "run", options: settingsFrom(program.opts(), program.args) };
}

function makeProgram(version: string, write: (text: string) => void): Command {
  const collect = (value: string, before: readonly string[] | undefined): string[] => [
    ...(before ?? []),
    value,
  ];
  return new Command("ghost-chaperone")
    .addHelpText("before", examples)
    .addHelpText("after", notes)
    .version(version)
    .argument("[varnishd arguments...]", "behind --")
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .addOption(
      new Option("-c, --config <file>", "routing document").env("GHOST_CONFIG").conflicts("file"),
    )
    .addOption(
      new Option(
        "-f, --file <path>",
        "Gateway API manifest or folder of them, may be repeated",
      ).argParser(collect),
    )
    .option("--controller <name>", "take Gateways of this controller only")
    .option("--gateway <namespace/name>", "take this Gateway only")
    .addOption(
      new Option("--listen <[name=]address>", "socket of a listener, may be repeated")
        .argParser(collect)
        .default([], "127.0.0.1:8080 and on"),
    )
    .addOption(
      new Option("--on-error <policy>", "what an error in a document means").choices([
        "refuse",
        "quarantine",
      ]),
    )
    .option("--vcl <file>", "VCL of your own, runs after Ghost's")
    .addOption(
      new Option("--run-folder <folder>", "lasting folder for engine, sockets and history")
        .env("GHOST_RUN_FOLDER")
        .default("/var/lib/ghost"),
    )
    .option("--cache-size <size>", "memory for the cache", "256m")
    .option("--jail <jail>", "how varnishd gives up rights (-j)")
    .option("--varnishd <program>", "the engine", "varnishd")
    .option("--varnishstat <program>", "reads the engine's counters", "varnishstat")
    .option("--varnishncsa <program>", "writes the access log", "varnishncsa")
    .addOption(
      new Option(
        "--allow-target <network>",
        "network that names of services may lead to though it is loopback or link-local",
      ).argParser(collect),
    )
    .option("--access-log <file>", "file that gets a line of JSON for each request")
    .option("--health <address>", "health, status and drain; off for none", "127.0.0.1:9181")
    .option("--pod-health <address>", "health alone, for a pod's address")
    .option("--metrics <address>", "Prometheus metrics; off for none", "127.0.0.1:9090")
    .addOption(
      new Option("--log-level <level>", "least level of log lines")
        .choices(["debug", "info", "warn", "error"])
        .default("info"),
    );
}

function settingsFrom(words: Words, args: readonly string[]): Settings {
  const source = sourceFrom(words);
  const extra = extraArguments(args);
  if (typeof extra === "string") throw new UsageError(extra);
  if (!/^\d+[kKmMgGtT]?$/.test(words.cacheSize))
    throw new UsageError(`--cache-size ${words.cacheSize}: write a number with k, m, g or t`);
  const podHealth = addressFrom("--pod-health", words.podHealth ?? "off");
  const health = addressFrom("--health", words.health);
  const metrics = addressFrom("--metrics", words.metrics);
  const allowedTargets = (words.allowTarget ?? []).map(networkFrom);
  return {
    source,
    // Manifests come from many hands: there a bad route must not hold up the others.
    policy: words.onError ?? (source.kind === "manifests" ? "quarantine" : "refuse"),
    listen: words.listen.map(listenFrom),
    runFolder: words.runFolder,
    cacheSize: words.cacheSize,
    varnishd: words.varnishd,
    varnishstat: words.varnishstat,
    varnishncsa: words.varnishncsa,
    ...(words.accessLog === undefined ? {} : { accessLog: words.accessLog }),
    extraArguments: extra,
    allowedTargets,
    logLevel: words.logLevel,
    ...(words.vcl === undefined ? {} : { vcl: words.vcl }),
    ...(words.jail === undefined ? {} : { jail: words.jail }),
    ...(health === undefined ? {} : { health }),
    ...(podHealth === undefined ? {} : { podHealth }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

function sourceFrom({ config, file, controller, gateway }: Words): SourceLocation {
  if (config !== undefined) return { kind: "document", file: config };
  if (file === undefined) throw new UsageError("nothing to serve: give -c FILE or -f FOLDER");
  return {
    kind: "manifests",
    paths: file,
    ...(controller === undefined ? {} : { controllerName: controller }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

function listenFrom(text: string): ListenOption {
  const option = parseListen(text);
  if (typeof option === "string") throw new UsageError(option);
  return option;
}

function networkFrom(text: string): string {
  if (isNetwork(text)) return text;
  throw new UsageError(`--allow-target ${text}: write a network such as 127.0.0.0/8`);
}

function addressFrom(option: string, text: string): TcpAddress | undefined {
  if (text === "off") return undefined;
  const address = parseTcpAddress(text);
  if (address === undefined) throw new UsageError(`${option} ${text}: write [ADDRESS:]PORT or off`);
  return address;
}
