/** Proof of the shared secret, as the engine asks for it with status 107. */

import { createHash } from "node:crypto";
import { AdminError } from "./error.js";

const challengeLength = 32;

/** The word for the command `auth`: SHA-256 over challenge, newline, secret file, challenge, newline, in lower-case hex. */
export function answerChallenge(text: string, secret: Buffer): string {
  const challenge = text.split("\n", 1)[0] ?? "";
  if (challenge.length !== challengeLength)
    throw new AdminError("authentication", "the engine's challenge is not 32 characters long");
  return createHash("sha256")
    .update(`${challenge}\n`)
    .update(secret)
    .update(`${challenge}\n`)
    .digest("hex");
}
