/** Commands that ask where requests go. */

import { defineCommand } from "../command.js";
import type { AnyCommand } from "../command.js";
import { output, question, source, url } from "./options.js";

export const simulate: AnyCommand = defineCommand({
  name: "simulate",
  group: "Ask",
  summary: "Ask where a request goes, with the code that serves.",
  argument: url,
  options: [
    ...source,
    ...question,
    {
      flags: "--times <number>",
      description: "ask so many times with draws spread evenly, and count",
    },
    {
      flags: "--against <host:port>",
      description: "send the request there as well, and compare what a client can see",
    },
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
      command: "ghostctl simulate --curl \"curl 'http://shop.example.com/' -H 'cookie: a=b'\"",
      says: "what a browser copied",
    },
    {
      command: "ghostctl simulate -f gateway/ --times 1000 http://shop.example.com/",
      says: "manifests; how a split comes out",
    },
  ],
  notes:
    "A redirect, 404 or 500 that is decided is an answer too and exits with 0. With --against it exits with 1 when the server differs; which service answered cannot be seen from outside. Certificates are not checked.",
  load: async () => (await import("../commands/simulate.js")).simulate,
});

export const explain: AnyCommand = defineCommand({
  name: "explain",
  group: "Ask",
  summary: "Show every match that stood for a request, best first, and why each one lost.",
  argument: url,
  options: [
    ...source,
    ...question,
    { flags: "--all", description: "list all matches, however far behind the winner" },
    output,
  ],
  examples: [
    { command: "ghostctl explain http://shop.example.com/cart", says: "a tree" },
    {
      command:
        "ghostctl explain -f gateway/ -H 'x-api-version: 2' -o json http://a.example.com/api",
      says: "for machines",
    },
  ],
  load: async () => (await import("../commands/explain.js")).explain,
});

export const diff: AnyCommand = defineCommand({
  name: "diff",
  group: "Ask",
  summary: "Tell which requests two configurations answer differently.",
  argument: { name: "<before> <after>", description: "files or folders, as check takes them" },
  options: [output],
  examples: [
    { command: "ghostctl diff old.json ghost.json", says: "in sentences about requests" },
    {
      command: "git show main:ghost.json | ghostctl diff - ghost.json",
      says: "against another branch",
    },
  ],
  notes:
    "Classes of requests are computed from both tables, not from the text: order, names of files and spaces make no difference.\n" +
    "What regular expressions take is sampled; everything else is exact. Exits with 1 when there is a difference.",
  load: async () => (await import("../commands/diff.js")).diff,
});

export const replay: AnyCommand = defineCommand({
  name: "replay",
  group: "Ask",
  summary: "Decide the requests of an access log again, by one configuration or by two.",
  argument: { name: "[log]", description: "a file, plain or gzip; - or nothing is standard input" },
  options: [
    ...source,
    {
      flags: "--against <configuration>",
      description: "a second configuration; what it decides differently is told",
    },
    {
      flags: "--format <format>",
      description:
        "common, combined, varnishncsa, json, varnishlog, or a format string with % or $ (default: by the look of the log)",
    },
    { flags: "--host <name>", description: "host of requests whose line has none" },
    {
      flags: "--listener <name>",
      description: "the listener they come in by (default: by scheme and port)",
    },
    {
      flags: "--draw <number>",
      description: "the draw of every request (default: spread by the place in the log)",
    },
    { flags: "--workers <number>", description: "threads (default: one for each processor)" },
    {
      flags: "--fail-above <share>",
      description: "exit with 1 only when more than this share changed, such as 0.1%",
    },
    output,
  ],
  examples: [
    {
      command: "ghostctl replay access.log --host shop.example.com",
      says: "how often each rule is used",
    },
    {
      command: "ghostctl replay access.log.gz -c old.json --against ghost.json --fail-above 0.1%",
      says: "before a change goes out",
    },
    {
      command: "varnishlog -d -g request | ghostctl replay - --format varnishlog",
      says: "what varnishd remembers",
    },
  ],
  notes:
    "Logs of any length take the same memory. Ctrl-C prints what was counted until then.\n" +
    "Decisions end at the service: whether it has an endpoint is a question for simulate.",
  load: async () => (await import("../commands/replay.js")).replay,
});

export const graph: AnyCommand = defineCommand({
  name: "graph",
  group: "Ask",
  summary: "Draw listeners, hosts, rules and services.",
  options: [
    ...source,
    {
      flags: "-o, --output <format>",
      description: "how to draw",
      default: "mermaid",
      choices: ["dot", "mermaid", "svg"],
    },
  ],
  examples: [
    { command: "ghostctl graph -o svg > routes.svg", says: "a picture" },
    { command: "ghostctl graph -o dot | dot -Tpng > routes.png", says: "by Graphviz" },
  ],
  load: async () => (await import("../commands/graph.js")).graph,
});

export const playground: AnyCommand = defineCommand({
  name: "playground",
  group: "Ask",
  summary: "Serve a page: edit a configuration, ask about requests, see why.",
  options: [
    {
      flags: "--listen <address>",
      description: "address on this machine; port 0 takes a free one",
      default: "127.0.0.1:8088",
    },
  ],
  examples: [{ command: "ghostctl playground", says: "then open the URL it prints" }],
  notes:
    "Everything runs in the browser, with the core that serves: what is typed leaves it only as a link that somebody shares.",
  load: async () => (await import("../commands/playground.js")).playground,
});
