import fc from "fast-check";
import { expect, test } from "vitest";
import { held, judge, released, sight } from "../src/lease/election.js";
import type { LeaseSpec, Sighting } from "../src/lease/election.js";

const date = new Date("2026-01-01T00:00:00Z");
const of = (holderIdentity: string): LeaseSpec => held(undefined, holderIdentity, date, 15);

test("a lease of another is followed for its whole duration, counted by our own clock", () => {
  const sighting = sight(undefined, of("other"), 1000);
  expect(judge(sighting, "me", 16_000)).toEqual({ type: "follow", holder: "other" });
  expect(judge(sighting, "me", 16_001)).toEqual({ type: "take" });
});

test("a renewal begins the duration anew, whatever the holder's clock says", () => {
  const first = sight(undefined, of("other"), 1000);
  const renewed = sight(
    first,
    { ...of("other"), renewTime: "1970-01-01T00:00:00.000000Z" },
    10_000,
  );
  expect(judge(renewed, "me", 20_000)).toEqual({ type: "follow", holder: "other" });
});

test("our own lease is renewed, nobody's is taken", () => {
  expect(judge(sight(undefined, of("me"), 0), "me", 99_000)).toEqual({ type: "renew" });
  expect(judge(sight(undefined, {}, 0), "me", 0)).toEqual({ type: "take" });
  expect(judge(sight(undefined, released(of("other"), date), 0), "me", 0)).toEqual({
    type: "take",
  });
});

test("transitions count holders, not renewals", () => {
  const first = of("a");
  const renewed = held(first, "a", date, 15);
  expect(renewed.leaseTransitions).toBe(0);
  expect(held(renewed, "b", date, 15).leaseTransitions).toBe(1);
  expect(held(released(renewed, date), "b", date, 15).leaseTransitions).toBe(1);
});

/**
 * Two candidates with clocks of their own, over a server that stores one writer's update per version. At each step one of
 * them looks, and writes if it may; its write may be lost. At no time do both believe to lead: a holder stops believing
 * `giveUp` after its last successful renewal began.
 */
test("two candidates never lead at the same time", () => {
  const step = fc.record({
    who: fc.constantFrom(0, 1),
    wait: fc.integer({ min: 0, max: 9000 }),
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const names = ["zero", "one"] as const;
      const sightings: (Sighting | undefined)[] = [undefined, undefined];
      const leadsUntil = [-1, -1];
      let stored: LeaseSpec | undefined;
      let now = 0;
      for (const { who, wait, isLost } of steps) {
        now += wait;
        const skewed = now + who * 1_000_000;
        if (stored !== undefined) {
          const sighting = sight(sightings[who], stored, skewed);
          sightings[who] = sighting;
          if (judge(sighting, names[who]!, skewed).type === "follow") continue;
        }
        if (isLost) continue;
        stored = held(stored, names[who]!, new Date(now), 15);
        leadsUntil[who] = now + 10_000;
        expect(leadsUntil[1 - who]!).toBeLessThan(now);
      }
    }),
    { seed: 20_261_121, numRuns: 2000 },
  );
});
