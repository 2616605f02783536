/** Waiting for what a chaperone tells. */

import type { ChaperoneEvent } from "../src/events.js";

export type EventOf<Type extends ChaperoneEvent["type"]> = Extract<
  ChaperoneEvent,
  { readonly type: Type }
>;

export class EventQueue {
  readonly events: ChaperoneEvent[] = [];
  readonly #taken: Set<ChaperoneEvent> = new Set();
  #wake: (() => void)[] = [];

  readonly push = (event: ChaperoneEvent): void => {
    this.events.push(event);
    for (const resolve of this.#wake.splice(0)) resolve();
  };

  /** The first event of a type that was not asked for yet, now or later. Rejects when `ended` does before. */
  async next<Type extends ChaperoneEvent["type"]>(
    type: Type,
    ended: Promise<never>,
  ): Promise<EventOf<Type>> {
    for (;;) {
      const found = this.events.find(
        (event): event is EventOf<Type> => event.type === type && !this.#taken.has(event),
      );
      if (found !== undefined) {
        this.#taken.add(found);
        return found;
      }
      await Promise.race([new Promise<void>((resolve) => this.#wake.push(resolve)), ended]);
    }
  }
}
