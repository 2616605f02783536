import { expect, test } from "vitest";
import { engineArguments } from "../src/engine/arguments.js";

test("varnishd in the foreground, ordered about by us alone", () => {
  const words = engineArguments({
    workDirectory: "/run/ghost/engine",
    adminAddress: "127.0.0.1:4711",
    secretFile: "/run/ghost/secret",
    listeners: [
      { name: "http", address: "127.0.0.1:8080" },
      { name: "admin", address: "/run/ghost/admin.sock" },
    ],
    controlSocket: "/run/ghost/ghost.sock",
    cacheSize: "64m",
  });
  expect(words.join(" ")).toBe(
    "-F -n /run/ghost/engine -f  -T none -M 127.0.0.1:4711 -S /run/ghost/secret" +
      " -a http=127.0.0.1:8080 -a admin=/run/ghost/admin.sock" +
      " -a ghost=/run/ghost/ghost.sock,mode=0600 -s default,64m" +
      " -p thread_pool_stack=256k -p cli_limit=32m",
  );
});
