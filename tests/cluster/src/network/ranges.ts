// One cluster's addresses: a /16 of its own, so that clusters stand side by side and are all reached from the machine.

export interface ClusterRanges {
  readonly whole: string;
  /** The node's address, on the bridge of the pods: also the API server's and the name server's. */
  readonly node: string;
  readonly pods: string;
  readonly services: string;
  /** The Service `kubernetes`: the first address of its range, as the API server decides. */
  readonly apiServer: string;
  readonly loadBalancers: string;
  /** The link between the machine and the cluster. */
  readonly machineEnd: string;
  readonly clusterEnd: string;
}

/** The second number of 10.N.0.0/16, in the order in which they are tried. */
export const rangeNumbers: readonly number[] = Array.from(
  { length: 100 },
  (_, index) => 120 + index,
);

export function rangesOf(number: number): ClusterRanges {
  const base = `10.${number}`;
  return {
    whole: `${base}.0.0/16`,
    node: `${base}.0.1`,
    pods: `${base}.0.0/18`,
    services: `${base}.64.0/18`,
    apiServer: `${base}.64.1`,
    loadBalancers: `${base}.128.0/18`,
    machineEnd: `${base}.255.1`,
    clusterEnd: `${base}.255.2`,
  };
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

export function isInRange(address: string, range: string): boolean {
  const [start = "", bits = "32"] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(start) / size);
}

/** Whether two ranges share an address; a lone address is a range of one. */
export function overlaps(one: string, other: string): boolean {
  const [start = ""] = one.split("/");
  const [otherStart = ""] = other.split("/");
  return isInRange(start, other) || isInRange(otherStart, one);
}

/** Hands out addresses of a range, the longest free first, so that one is not soon used again for something else. */
export class AddressPool {
  readonly #range: string;
  readonly #first: number;
  readonly #size: number;
  readonly #taken = new Set<string>();
  #next = 0;

  /** `skip` addresses at the start of the range are never given. */
  constructor(range: string, skip: number) {
    const [start = "", bits = "32"] = range.split("/");
    this.#range = range;
    this.#first = toNumber(start) + skip;
    this.#size = 2 ** (32 - Number(bits)) - skip - 1;
  }

  take(): string {
    for (let tried = 0; tried < this.#size; tried += 1) {
      const address = toAddress(this.#first + this.#next);
      this.#next = (this.#next + 1) % this.#size;
      if (this.reserve(address)) return address;
    }
    throw new Error(`every address of ${this.#range} is in use`);
  }

  /** Takes this very address; false when it is not of this range or in use. */
  reserve(address: string): boolean {
    if (!isInRange(address, this.#range) || this.#taken.has(address)) return false;
    this.#taken.add(address);
    return true;
  }

  release(address: string): void {
    this.#taken.delete(address);
  }
}
