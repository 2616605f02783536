/** `ghostctl playground`: the page, for as long as it is wanted. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
import type { Run } from "../command.js";
import { CommandFailure, exitCode, usageFailure } from "../exit.js";
import { serveFolder } from "../playground/serve.js";

interface Options {
  readonly listen: string;
}

export const playground: Run<Options> = async (_words, { listen }, io) => {
  const { host, port } = addressFrom(listen);
  const served = await serveFolder(pageFolder(), host, port).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(`the page cannot be served: ${message}`, exitCode.unreachable, {
      cause: error,
    });
  });
  io.out.write(`${served.url}\n`);
  io.err.write("Open it in a browser; Ctrl-C ends it.\n");
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await served.close();
  return exitCode.fine;
};

/** The page takes no orders and holds no secret, and still nobody else has to reach it. */
function addressFrom(text: string): { readonly host: string; readonly port: number } {
  const [, host = "127.0.0.1", port] =
    /^(?:(127\.0\.0\.1|localhost|\[::1\]):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw usageFailure(`--listen ${text}: write [127.0.0.1:]PORT or [::1]:PORT`);
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function pageFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve("@ghost-gateway/playground/index.html")));
}
