/** ghostctl as a function, for programs that run it inside themselves. */

export { main } from "./main.js";
export { exitCode } from "./exit.js";
export type { ExitCode } from "./exit.js";
