/** Who leads: a pure judgement over a Lease and when we saw it change. */

/** `spec` of a Lease of coordination.k8s.io/v1. */
export interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number | null;
  /** MicroTime, of the holder's clock: never compared with ours. */
  readonly renewTime?: string | null;
  readonly acquireTime?: string | null;
  readonly leaseTransitions?: number | null;
}

/** A Lease's spec, and our own clock's time (milliseconds) when it last looked different. */
export interface Sighting {
  readonly spec: LeaseSpec;
  readonly since: number;
}

export interface ElectionTimes {
  /** Seconds a holder may be silent before another takes over. */
  readonly leaseSeconds: number;
  /** Milliseconds after its last renewal at which a holder gives up: well before another may take over. */
  readonly giveUpAfter: number;
  /** Milliseconds between tries. */
  readonly retryAfter: number;
}

export const defaultElectionTimes: ElectionTimes = {
  leaseSeconds: 15,
  giveUpAfter: 10_000,
  retryAfter: 2000,
};

/** Notes a spec; its time stays where it is the one already seen. Clocks of two machines are never compared. */
export function sight(before: Sighting | undefined, spec: LeaseSpec, now: number): Sighting {
  const isSame =
    before !== undefined &&
    before.spec.holderIdentity === spec.holderIdentity &&
    before.spec.renewTime === spec.renewTime &&
    before.spec.leaseTransitions === spec.leaseTransitions;
  return isSame ? before : { spec, since: now };
}

export type Verdict =
  /** The lease is ours. */
  | { readonly type: "renew" }
  /** It is nobody's, or its holder was silent for its whole duration. */
  | { readonly type: "take" }
  | { readonly type: "follow"; readonly holder: string };

export function judge({ spec, since }: Sighting, identity: string, now: number): Verdict {
  const holder = spec.holderIdentity ?? "";
  if (holder === identity) return { type: "renew" };
  if (holder === "") return { type: "take" };
  const milliseconds = (spec.leaseDurationSeconds ?? 0) * 1000;
  return now - since > milliseconds ? { type: "take" } : { type: "follow", holder };
}

/** The spec we write to take or keep the lease. `leaseTransitions` counts holders: it fences what they write. */
export function held(
  before: LeaseSpec | undefined,
  identity: string,
  date: Date,
  leaseSeconds: number,
): LeaseSpec {
  const isOurs = before?.holderIdentity === identity;
  const transitions = before?.leaseTransitions ?? 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: leaseSeconds,
    acquireTime: isOurs ? (before.acquireTime ?? microTime(date)) : microTime(date),
    renewTime: microTime(date),
    leaseTransitions: isOurs || before === undefined ? transitions : transitions + 1,
  };
}

/** The spec of a lease we give back, so that the next holder need not wait. */
export function released(before: LeaseSpec, date: Date): LeaseSpec {
  return { ...before, holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(date) };
}

/** RFC 3339 with six digits, as the API wants it. */
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
