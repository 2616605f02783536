/** Every command: one table for the parser, for help, and later for man pages and completion. */

import { defineCommand } from "./command.js";
import type { AnyCommand, OptionSpec } from "./command.js";

const output: OptionSpec = {
  flags: "-o, --output <format>",
  description: "what to print on standard output",
  default: "text",
  choices: ["text", "json"],
};

const source: readonly OptionSpec[] = [
  { flags: "-c, --config <file>", description: "a routing document (default: ghost.json)" },
  {
    flags: "-f, --filename <path>",
    description: "Gateway API manifests: a file or a folder of .yaml, .yml and .json files",
    isRepeated: true,
  },
  { flags: "--gateway <namespace/name>", description: "with -f: only this Gateway" },
  {
    flags: "--controller <name>",
    description: "with -f: only Gateways whose class names this controller",
  },
];

const check: AnyCommand = defineCommand({
  name: "check",
  summary: "Find everything that is wrong with configuration files, all at once.",
  argument: {
    name: "<file...>",
    description: "ghost.json, Gateway API manifests, or folders of them",
  },
  options: [output],
  examples: [
    { command: "ghostctl check ghost.json", says: "every finding with its line" },
    { command: "ghostctl check gateway.yaml routes/", says: "manifests that belong together" },
    { command: "ghostctl check -o json ghost.json", says: "for machines" },
  ],
  notes: "Exits with 1 when there is an error; warnings alone are fine.",
  load: async () => (await import("./commands/check.js")).check,
});

const simulate: AnyCommand = defineCommand({
  name: "simulate",
  summary: "Ask where a request goes, with the code that serves.",
  argument: {
    name: "<url>",
    description: "http://host[:port]/path?query; without a scheme, http:// is meant",
  },
  options: [
    ...source,
    { flags: "-X, --request <method>", description: "request method", default: "GET" },
    {
      flags: "-H, --header <line>",
      description: "request header, 'name: value'",
      isRepeated: true,
    },
    {
      flags: "--listener <name>",
      description: "the listener it comes in by (default: by scheme and port)",
    },
    {
      flags: "--draw <number>",
      description: "the random number that chooses among weights, 0 up to 1",
      default: "0",
    },
    { flags: "--client <address>", description: "address of the client" },
    output,
  ],
  examples: [
    {
      command: "ghostctl simulate http://shop.example.com/cart",
      says: "with ghost.json of this folder",
    },
    {
      command:
        "ghostctl simulate -c ghost.json -X POST -H 'x-tenant: a' http://shop.example.com/cart",
      says: "method and headers",
    },
    {
      command: "ghostctl simulate -f gateway/ --draw 0.95 -o json http://shop.example.com/",
      says: "manifests; the last 5 % of a split",
    },
  ],
  notes: "A redirect, 404 or 500 that is decided is an answer too and exits with 0.",
  load: async () => (await import("./commands/simulate.js")).simulate,
});

const up: AnyCommand = defineCommand({
  name: "up",
  summary: "Run varnishd by files, and follow every edit of them.",
  options: [
    ...source,
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
      description: "where to keep run files (default: the system's temporary folder)",
    },
    { flags: "-v, --verbose", description: "print the engine's log as well" },
    output,
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
  load: async () => (await import("./commands/up.js")).up,
});

const demo: AnyCommand = defineCommand({
  name: "demo",
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
  load: async () => (await import("./commands/demo.js")).demo,
});

const version: AnyCommand = defineCommand({
  name: "version",
  summary: "Print the versions of ghostctl, the core, Node and varnishd.",
  options: [output],
  examples: [{ command: "ghostctl version -o json", says: "for bug reports" }],
  load: async () => (await import("./commands/version.js")).version,
});

export const commands: readonly AnyCommand[] = [check, simulate, up, demo, version];
