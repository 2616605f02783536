// A pod's status from what its containers are doing. Pure.

import type { Condition, ContainerStatus, Pod } from "../api/objects.ts";

export type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

export interface PodPicture {
  readonly pod: Pod;
  readonly node: { readonly address: string };
  readonly address: string | undefined;
  readonly startTime: string;
  readonly phase: Phase;
  readonly isInitialized: boolean;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

function condition(type: string, isTrue: boolean, reason?: string, message?: string): Condition {
  const why = isTrue ? {} : { ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
  return { type, status: isTrue ? "True" : "False", ...why };
}

function conditionsOf(picture: PodPicture): Condition[] {
  const { pod, containers, initContainers, phase } = picture;
  const isOver = phase === "Succeeded" || phase === "Failed";
  const sidecars = initContainers.filter(({ name }) =>
    pod.spec.initContainers?.some((one) => one.name === name && one.restartPolicy === "Always"),
  );
  const unready = [...sidecars, ...containers].filter(({ ready }) => !ready);
  const areReady = !isOver && unready.length === 0;
  const names = unready.map(({ name }) => name).join(" ");
  const reason = isOver ? "PodCompleted" : "ContainersNotReady";
  const message = isOver ? "" : `containers with unready status: [${names}]`;
  const closed = (pod.spec.readinessGates ?? []).filter(
    ({ conditionType }) =>
      pod.status?.conditions?.find(({ type }) => type === conditionType)?.status !== "True",
  );
  const isReady = areReady && closed.length === 0;
  const gates = closed.map(({ conditionType }) => conditionType).join(" ");
  return [
    condition("PodReadyToStartContainers", picture.address !== undefined),
    condition("Initialized", picture.isInitialized, "ContainersNotInitialized"),
    condition("ContainersReady", areReady, reason, message),
    areReady && !isReady
      ? condition("Ready", false, "ReadinessGatesNotReady", `readiness gates not ready: [${gates}]`)
      : condition("Ready", isReady, reason, message),
  ];
}

/** The time of the last change is kept from before for conditions that stay as they were. */
export function statusOf(picture: PodPicture, before: readonly Condition[], now: string): unknown {
  const { pod, address, node } = picture;
  const conditions = conditionsOf(picture).map((fresh) => {
    const old = before.find(({ type }) => type === fresh.type);
    const since = old?.status === fresh.status ? old.lastTransitionTime : now;
    return { reason: null, message: null, ...fresh, lastTransitionTime: since ?? now };
  });
  const isTerminal = picture.phase === "Succeeded" || picture.phase === "Failed";
  return {
    phase: picture.phase,
    observedGeneration: pod.metadata.generation,
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    ...(address === undefined || isTerminal ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    startTime: picture.startTime,
    conditions,
    initContainerStatuses: picture.initContainers,
    containerStatuses: picture.containers,
  };
}
