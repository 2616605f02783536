import { describe, expect, test } from "vitest";
import type { ContainerStatus, Pod } from "../src/api/objects.ts";
import { BackOff } from "../src/node/back-off.ts";
import { repositoryMounts } from "../src/node/bundle.ts";
import { expand } from "../src/node/environment.ts";
import { quantity } from "../src/node/fields.ts";
import { statusOf, type PodPicture } from "../src/node/pod-status.ts";

test("pauses before restarts: none, the first, twice as long each time, never more than thirty times the first", () => {
  const backOff = new BackOff(10);
  expect(Array.from({ length: 8 }, () => backOff.next(0))).toEqual([
    0, 10, 20, 40, 80, 160, 300, 300,
  ]);
  expect(backOff.next(601)).toBe(0);
  expect(backOff.next(0)).toBe(10);
});

test.each([
  ["$(A)", "1"],
  ["$$(A)", "$(A)"],
  ["$(B)-$(A)", "$(B)-1"],
  ["$A $( A", "$A $( A"],
])("%s stands for %s", (text, expected) => {
  expect(expand(text, new Map([["A", "1"]]))).toBe(expected);
});

test.each([
  ["250m", 0.25],
  ["64Mi", 67_108_864],
  ["1e3", 1000],
  ["2", 2],
])("quantity %s is %d", (text, expected) => {
  expect(quantity(text)).toBe(expected);
});

describe("a pod's status", () => {
  const pod: Pod = {
    metadata: { name: "web", namespace: "shop", uid: "1", resourceVersion: "1", generation: 3 },
    spec: { containers: [{ name: "main", image: "x" }] },
  };
  const container = (ready: boolean): ContainerStatus => ({
    name: "main",
    image: "x",
    imageID: "",
    ready,
    started: true,
    restartCount: 0,
    state: {},
    lastState: {},
  });
  const picture = (more: Partial<PodPicture>): PodPicture => ({
    pod,
    node: { address: "10.130.0.1" },
    address: "10.130.0.2",
    startTime: "2026-01-01T00:00:00Z",
    phase: "Running",
    isInitialized: true,
    initContainers: [],
    containers: [container(true)],
    ...more,
  });
  const conditions = (status: unknown) =>
    (
      status as {
        conditions: {
          type: string;
          status: string;
          lastTransitionTime: string;
          reason: string | null;
        }[];
      }
    ).conditions;
  const ready = (status: unknown) => conditions(status).find(({ type }) => type === "Ready");

  test("is ready when its containers are", () => {
    expect(ready(statusOf(picture({}), [], "now"))?.status).toBe("True");
    const status = statusOf(picture({ containers: [container(false)] }), [], "now");
    expect(ready(status)).toMatchObject({ status: "False", reason: "ContainersNotReady" });
  });

  test("waits for its readiness gates", () => {
    const gated = { ...pod, spec: { ...pod.spec, readinessGates: [{ conditionType: "open" }] } };
    expect(ready(statusOf(picture({ pod: gated }), [], "now"))?.reason).toBe(
      "ReadinessGatesNotReady",
    );
    const open = { ...gated, status: { conditions: [{ type: "open", status: "True" as const }] } };
    expect(ready(statusOf(picture({ pod: open }), [], "now"))?.status).toBe("True");
  });

  test("keeps the time of a condition that stays as it was", () => {
    const before = [{ type: "Ready", status: "True" as const, lastTransitionTime: "earlier" }];
    expect(ready(statusOf(picture({}), before, "now"))?.lastTransitionTime).toBe("earlier");
    const now = statusOf(picture({ containers: [container(false)] }), before, "now");
    expect(ready(now)?.lastTransitionTime).toBe("now");
  });

  test("has no address any more when it is over", () => {
    expect(statusOf(picture({ phase: "Succeeded" }), [], "now")).not.toHaveProperty("podIP");
    expect(statusOf(picture({}), [], "now")).toMatchObject({
      podIP: "10.130.0.2",
      observedGeneration: 3,
    });
  });
});

test("a volume over the repository's folder does not hide its programs", () => {
  const tmp = { destination: "/tmp", source: "/volumes/tmp" };
  const shown = {
    destination: "/tmp/ghost",
    type: "bind",
    source: "/tmp/ghost",
    options: ["rbind", "ro"],
  };
  expect(repositoryMounts({ root: "/" }, [tmp], "/tmp/ghost", null)).toEqual([shown]);
  expect(repositoryMounts({ root: "/" }, [tmp], "/tmpfoo/ghost", null)).toEqual([]);
  expect(repositoryMounts({ root: "/images/1" }, [tmp], "/tmp/ghost", null)).toEqual([]);
  const [open, again] = repositoryMounts({ root: "/" }, [], "/root/ghost", "/root");
  expect([open?.destination, open?.type, again?.destination]).toEqual([
    "/root",
    "tmpfs",
    "/root/ghost",
  ]);
});
