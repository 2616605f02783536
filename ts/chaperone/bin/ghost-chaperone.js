#!/usr/bin/env node
// Starts ghost-chaperone. Plain enough for an old Node to say that it is too old.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  process.stderr.write(
    `ghost-chaperone needs Node.js 22.22 or later; this is ${process.versions.node}\n`,
  );
  process.exit(2);
}
const { main } = await import("../dist/bin/main.js");
process.exitCode = await main(process.argv.slice(2));
