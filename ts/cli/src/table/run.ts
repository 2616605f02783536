/** Commands that run, watch and mend. */

import { defineCommand } from "../command.js";
import type { AnyCommand } from "../command.js";
import { control, files, kubeconfig, listed, output, textOrJson } from "./options.js";

export const up: AnyCommand = defineCommand({
  name: "up",
  group: "Run",
  summary: "Run varnishd by files, and follow every edit of them.",
  options: [
    ...files,
    {
      flags: "--listen <[name=]address>",
      description:
        "where to listen: [NAME=]ADDRESS:PORT, [NAME=]PORT or [NAME=]/PATH (default: 127.0.0.1:8080, 8081...)",
      isRepeated: true,
    },
    {
      flags: "--on-error <what>",
      description:
        "an edit with errors: refuse it, or quarantine the routes with errors (default: refuse with -c, quarantine with -f)",
      choices: ["refuse", "quarantine"],
    },
    { flags: "--vcl <file>", description: "your VCL; its subroutines run after Ghost's" },
    { flags: "--cache-size <size>", description: "memory for the cache", default: "256m" },
    { flags: "--varnishd <program>", description: "the engine", default: "varnishd" },
    {
      flags: "--run-folder <folder>",
      description: "the run folder; it lasts, with its history (default: a temporary one)",
    },
    { flags: "-v, --verbose", description: "print the engine's log as well" },
    textOrJson,
  ],
  examples: [
    { command: "ghostctl up", says: "serve ghost.json of this folder at 127.0.0.1:8080" },
    { command: "ghostctl up -c ghost.json --listen 0.0.0.0:80", says: "for everybody" },
    {
      command: "ghostctl up -f gateway/ --listen http=8080 --listen admin=8081",
      says: "manifests, listeners by name",
    },
  ],
  notes:
    "Ctrl-C or SIGTERM waits until every connection has ended, then stops; a second one stops at once.\n" +
    "Exits with 1 when the first configuration is refused, 3 when varnishd fails, 4 when draining was cut short.",
  load: async () => (await import("../commands/up.js")).up,
});

export const demo: AnyCommand = defineCommand({
  name: "demo",
  group: "Run",
  summary: "See real requests routed, re-routed live, and counted one by one.",
  options: [
    {
      flags: "--inject-fault",
      description: "let a backend misbehave; the demo must notice and exit with 1",
    },
    {
      flags: "--requests <number>",
      description: "requests while the split is flipped",
      default: "10000",
    },
  ],
  examples: [
    { command: "ghostctl demo", says: "varnishd, two backends, one file to edit" },
    {
      command: "ghostctl demo --inject-fault",
      says: "proof that a lost or misrouted request is found",
    },
  ],
  load: async () => (await import("../commands/demo.js")).demo,
});

export const status: AnyCommand = defineCommand({
  name: "status",
  group: "Run",
  summary: "Show what a running chaperone serves, and what it last refused.",
  options: [...control, listed],
  examples: [
    { command: "ghostctl status", says: "of this host" },
    { command: "ghostctl status --run-folder /run/ghost -o json", says: "for machines" },
  ],
  notes: "Exits with 1 when it is not ready, or something was refused or quarantined.",
  load: async () => (await import("../commands/status.js")).status,
});

export const history: AnyCommand = defineCommand({
  name: "history",
  group: "Run",
  summary: "List what was served, newest first.",
  options: [...control, listed],
  examples: [{ command: "ghostctl history --run-folder /run/ghost", says: "running or not" }],
  load: async () => (await import("../commands/history.js")).history,
});

export const rollback: AnyCommand = defineCommand({
  name: "rollback",
  group: "Run",
  summary: "Serve an earlier configuration again.",
  argument: {
    name: "[number]",
    description: "a number of ghostctl history (default: the one before the newest)",
  },
  options: [
    ...control,
    { flags: "-y, --yes", description: "do not ask" },
    { flags: "--dry-run", description: "only say what would be done" },
    output,
  ],
  examples: [
    { command: "ghostctl rollback", says: "to what was served before" },
    { command: "ghostctl rollback 12 --yes", says: "in a script" },
  ],
  notes: "The source's present content is held back until it changes. Endpoints stay as they are.",
  load: async () => (await import("../commands/rollback.js")).rollback,
});

export const doctor: AnyCommand = defineCommand({
  name: "doctor",
  group: "Run",
  summary: "Look whether everything is there that up needs.",
  options: [
    ...files,
    { flags: "--varnishd <program>", description: "the engine", default: "varnishd" },
    { flags: "--run-folder <folder>", description: "the folder for run files" },
    {
      flags: "--listen <[name=]address>",
      description: "where to listen (default: 127.0.0.1:8080)",
      isRepeated: true,
    },
    { flags: "--cluster", description: "look at a cluster as well" },
    ...kubeconfig,
    output,
  ],
  examples: [
    { command: "ghostctl doctor", says: "this machine, and ghost.json of this folder" },
    { command: "ghostctl doctor --cluster --context test", says: "and a cluster" },
  ],
  notes: "Exits with 1 when something is to be mended. Changes nothing.",
  load: async () => (await import("../commands/doctor.js")).doctor,
});
