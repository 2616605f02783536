// Waiting for what happens in its own time: asked again and again until it holds, and the last complaint when it never does.

import { setTimeout as sleep } from "node:timers/promises";

const pollMs = 50;
const patienceMs = 90_000;

export async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(pollMs);
    }
  }
}
