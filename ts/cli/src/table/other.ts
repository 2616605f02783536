/** Commands about ghostctl itself. */

import { defineCommand } from "../command.js";
import type { AnyCommand } from "../command.js";
import { output } from "./options.js";

export const version: AnyCommand = defineCommand({
  name: "version",
  group: "Other",
  summary: "Print the versions of ghostctl, the core, Node and varnishd.",
  options: [output],
  examples: [{ command: "ghostctl version -o json", says: "for bug reports" }],
  load: async () => (await import("../commands/version.js")).version,
});

export const completion: AnyCommand = defineCommand({
  name: "completion",
  group: "Other",
  summary: "Print a completion script for a shell.",
  argument: {
    name: "<shell>",
    description: "bash, zsh or fish",
    choices: ["bash", "zsh", "fish"],
  },
  options: [],
  examples: [
    { command: 'eval "$(ghostctl completion bash)"', says: "in ~/.bashrc" },
    {
      command: "ghostctl completion fish > ~/.config/fish/completions/ghostctl.fish",
      says: "once",
    },
  ],
  load: async () => (await import("../commands/completion.js")).completion,
});

export const man: AnyCommand = defineCommand({
  name: "man",
  group: "Other",
  summary: "Print a manual page.",
  argument: { name: "[command]", description: "a command (default: the page of all)" },
  options: [],
  examples: [{ command: "ghostctl man replay | man -l -", says: "to read it" }],
  load: async () => (await import("../commands/man.js")).man,
});

export const help: AnyCommand = defineCommand({
  name: "help",
  group: "Other",
  summary: "Show help for a command, for all findings, or for one.",
  argument: { name: "[topic]", description: "a command, errors, or a code such as GH0107" },
  options: [],
  examples: [
    { command: "ghostctl help replay", says: "a command" },
    { command: "ghostctl help errors", says: "every finding" },
    { command: "ghostctl help GH0107", says: "one finding" },
  ],
  load: async () => (await import("../commands/help.js")).help,
});
