/** `ghostctl help`: the page of a command, of all findings, or of one finding. */

import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import { codes } from "../generated/codes.js";
import { columns } from "../render/columns.js";

type Options = Readonly<Record<string, never>>;

/** `errors` or a code; pages of commands are the parser's. */
export const help: Run<Options> = async ([topic = ""], _options, io) => {
  if (topic === "errors") {
    const rows = codes.map(({ code, severity, title }) => [code, severity, title]);
    io.out.write(`${columns(["code", "severity", "finding"], rows).join("\n")}\n`);
    io.err.write("ghostctl help CODE says more about one\n");
    return exitCode.fine;
  }
  const found = codes.find(({ code }) => code === topic.toUpperCase());
  if (found === undefined)
    throw usageFailure(
      `there is no command and no finding ${JSON.stringify(topic)}; see ghostctl help and ghostctl help errors`,
    );
  const { code, severity, title, help: text } = found;
  io.out.write(
    `${io.out.paint("bold", `${code}: ${title}`)}\n\nSeverity: ${severity}\n\n${text}\n`,
  );
  return exitCode.fine;
};
