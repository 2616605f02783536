import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "@ghost-gateway/kubernetes";
import type { Change, KubernetesObject } from "@ghost-gateway/kubernetes";
import { ObjectStore } from "../src/store/object-store.js";

function service(name: string, version: number, uid = "u"): KubernetesObject {
  return {
    kind: "Service",
    metadata: { namespace: "a", name, uid, resourceVersion: `${version}` },
  };
}

const namesOf = (objects: readonly KubernetesObject[]): string[] =>
  objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).toSorted();

test("a list that brings what is held already changes nothing, and what it lacks is gone", () => {
  const store = new ObjectStore(["services"]);
  store.take("services", { type: "replaced", objects: [service("one", 1), service("two", 2)] });
  expect(namesOf(store.drain().stored)).toEqual(["one@1", "two@2"]);
  store.take("services", { type: "replaced", objects: [service("one", 1), service("three", 3)] });
  const { stored, deleted } = store.drain();
  expect([namesOf(stored), namesOf(deleted)]).toEqual([["three@3"], ["two@2"]]);
});

test("an object made anew under an old name counts as changed, even in the same version", () => {
  const store = new ObjectStore(["services"]);
  store.take("services", { type: "replaced", objects: [service("one", 1, "first")] });
  store.drain();
  store.take("services", { type: "replaced", objects: [service("one", 1, "second")] });
  expect(namesOf(store.drain().stored)).toEqual(["one@1"]);
});

test("nothing is known before every collection was listed", () => {
  const store = new ObjectStore(["services", "secrets"]);
  store.take("services", { type: "replaced", objects: [] });
  expect([store.isListed, store.missing]).toEqual([false, ["secrets"]]);
  store.take("secrets", { type: "replaced", objects: [] });
  expect(store.isListed).toBe(true);
});

const name = fc.constantFrom("a", "b", "c");
const versioned = fc.record({ name, version: fc.integer({ min: 1, max: 5 }) });
const change: fc.Arbitrary<Change<KubernetesObject>> = fc.oneof(
  versioned.map(({ name, version }) => ({
    type: "stored" as const,
    object: service(name, version),
  })),
  versioned.map(({ name, version }) => {
    const object = service(name, version);
    return { type: "deleted" as const, key: keyOf(object), object };
  }),
  fc.uniqueArray(versioned, { selector: ({ name }) => name }).map((all) => ({
    type: "replaced" as const,
    objects: all.map(({ name, version }) => service(name, version)),
  })),
);

test("a picture kept from change sets equals the store, whenever they are taken", () => {
  const steps = fc.array(fc.oneof(change, fc.constant("drain" as const)), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (all) => {
      const store = new ObjectStore(["services"]);
      const picture = new Map<string, KubernetesObject>();
      const follow = (): void => {
        const { stored, deleted } = store.drain();
        for (const object of deleted) picture.delete(keyOf(object));
        for (const object of stored) picture.set(keyOf(object), object);
      };
      for (const step of all) {
        if (step === "drain") follow();
        else store.take("services", step);
      }
      follow();
      expect(namesOf([...picture.values()])).toEqual(namesOf([...store.all("services")]));
    }),
    { seed: 20_261_121, numRuns: 1000 },
  );
});
