/** Options and arguments that several commands have. */

import type { CommandSpec, OptionSpec } from "../command.js";

/** Text for people, and data for machines. */
export const output: OptionSpec = {
  flags: "-o, --output <format>",
  description: "what to print on standard output",
  default: "text",
  choices: ["text", "json", "yaml"],
};

export const textOrJson: OptionSpec = { ...output, choices: ["text", "json"] };

export const listed: OptionSpec = { ...output, choices: ["text", "wide", "json", "yaml", "name"] };

export const files: readonly OptionSpec[] = [
  { flags: "-c, --config <file>", description: "a routing document (default: ghost.json)" },
  {
    flags: "-f, --filename <path>",
    description: "Gateway API manifests: a file or a folder of .yaml, .yml and .json files",
    isRepeated: true,
  },
  { flags: "--gateway <namespace/name>", description: "with manifests: only this Gateway" },
  {
    flags: "--controller <name>",
    description: "with manifests: only Gateways whose class names this controller",
  },
];

export const kubeconfig: readonly OptionSpec[] = [
  { flags: "--kubeconfig <file>", description: "with --cluster or --pod: as kubectl takes it" },
  {
    flags: "--context <name>",
    description: "with --cluster or --pod: a context of the kubeconfig",
  },
];

export const source: readonly OptionSpec[] = [
  ...files,
  {
    flags: "--run-folder <folder>",
    description: "what the chaperone of this run folder serves now",
  },
  { flags: "--cluster", description: "the Gateway API objects of a cluster" },
  { flags: "--pod <namespace/name>", description: "what this Pod of a Gateway serves now" },
  ...kubeconfig,
];

export const draw: OptionSpec = {
  flags: "--draw <number>",
  description: "the random number that chooses among weights, 0 up to 1",
  default: "0",
};

export const question: readonly OptionSpec[] = [
  { flags: "-X, --request <method>", description: "request method (default: GET)" },
  {
    flags: "-H, --header <line>",
    description: "request header, 'name: value'",
    isRepeated: true,
  },
  { flags: "--curl <command>", description: "the request of a curl command, pasted as a whole" },
  { flags: "--from-log <line>", description: "the request of a line of an access log" },
  {
    flags: "--log-format <format>",
    description: "how that line is written (default: by its look; see replay --format)",
  },
  {
    flags: "--listener <name>",
    description: "the listener it comes in by (default: by scheme and port)",
  },
  draw,
  { flags: "--client <address>", description: "address of the client" },
];

export const url: NonNullable<CommandSpec<unknown>["argument"]> = {
  name: "[url]",
  description: "http://host[:port]/path?query; without a scheme, http:// is meant",
};

export const control: readonly OptionSpec[] = [
  { flags: "--run-folder <folder>", description: "the run folder of the chaperone" },
  {
    flags: "--address <host:port>",
    description: "where its status is (default: 127.0.0.1:9181)",
  },
];
