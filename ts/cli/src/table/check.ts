/** Commands that look at files. */

import { defineCommand } from "../command.js";
import type { AnyCommand } from "../command.js";
import { files, output, source } from "./options.js";

export const check: AnyCommand = defineCommand({
  name: "check",
  group: "Check",
  summary: "Find everything that is wrong with configuration files, all at once.",
  argument: {
    name: "<file...>",
    description: "ghost.json, Gateway API manifests or folders of them, ghost-edge's YAML or TOML",
  },
  options: [{ ...output, choices: ["text", "json", "sarif", "github"] }],
  examples: [
    { command: "ghostctl check ghost.json", says: "every finding with its line" },
    { command: "ghostctl check gateway.yaml routes/", says: "manifests that belong together" },
    { command: "ghostctl check -o github ghost.json", says: "beside the code, in a workflow" },
  ],
  notes: "Exits with 1 when there is an error; warnings alone are fine.",
  load: async () => (await import("../commands/check.js")).check,
});

export const test: AnyCommand = defineCommand({
  name: "test",
  group: "Check",
  summary: "Run route tests: requests, and what is expected of them.",
  argument: { name: "<file...>", description: "YAML files of route tests" },
  options: [
    ...files,
    { flags: "-w, --watch", description: "run again after every change, until Ctrl-C" },
    {
      flags: "-o, --output <format>",
      description: "what to print on standard output",
      default: "pretty",
      choices: ["pretty", "tap", "junit", "json"],
    },
  ],
  examples: [
    { command: "ghostctl test routes.test.yaml", says: "the configuration is named in the file" },
    { command: "ghostctl test -o junit routes.test.yaml > report.xml", says: "for a build server" },
  ],
  load: async () => (await import("../commands/test.js")).test,
});

export const translate: AnyCommand = defineCommand({
  name: "translate",
  group: "Check",
  summary: "Show what a configuration becomes on its way to the engine.",
  options: [
    ...source,
    {
      flags: "--to <form>",
      description: "which step of the way",
      default: "ghost",
      choices: ["ghost", "ir", "routes", "vcl", "status"],
    },
    { flags: "--vcl <file>", description: "with --to vcl: your VCL" },
    output,
  ],
  examples: [
    { command: "ghostctl translate -f gateway/ > ghost.json", says: "manifests as a document" },
    { command: "ghostctl translate -f gateway/ --to status", says: "what the operator would say" },
    { command: "ghostctl translate -c ghost.json --to routes", says: "a line for each match" },
  ],
  notes:
    "ghost: the routing document. ir: the same with every default written out. routes: a row for each match. vcl: what varnishd loads. status: conditions of Gateways and routes.",
  load: async () => (await import("../commands/translate.js")).translate,
});

export const fmt: AnyCommand = defineCommand({
  name: "fmt",
  group: "Check",
  summary: "Write configuration files in their one form: keys and matches in order, comments kept.",
  argument: { name: "<file...>", description: "ghost.json or YAML manifests; - is standard input" },
  options: [
    { flags: "-w, --write", description: "write the files instead of printing them" },
    { flags: "--check", description: "print the names of files that are not in this form" },
  ],
  examples: [
    { command: "ghostctl fmt -w ghost.json", says: "in place" },
    { command: "ghostctl fmt --check gateway/*.yaml", says: "in a workflow" },
  ],
  notes: "What a configuration decides stays the same. Exits with 1 when --check finds a file.",
  load: async () => (await import("../commands/fmt.js")).fmt,
});
