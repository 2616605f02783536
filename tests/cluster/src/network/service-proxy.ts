// Keeps the kernel's translation of Service addresses as the API server's objects say.

import type { Collection } from "../api/collection.ts";
import type { EndpointSlice, Service } from "../api/objects.ts";
import { run } from "./commands.ts";
import type { ClusterRanges } from "./ranges.ts";
import { serviceRules } from "./service-rules.ts";

export class ServiceProxy {
  readonly #services: Collection<Service>;
  readonly #slices: Collection<EndpointSlice>;
  readonly #ranges: ClusterRanges;
  readonly #say: (line: string) => void;
  #applied = "";
  #isApplying = false;
  #isStale = false;

  constructor(
    services: Collection<Service>,
    slices: Collection<EndpointSlice>,
    ranges: ClusterRanges,
    say: (line: string) => void,
  ) {
    this.#services = services;
    this.#slices = slices;
    this.#ranges = ranges;
    this.#say = say;
    for (const collection of [services, slices]) {
      collection.on("settled", () => void this.#refresh());
    }
  }

  /** Changes that come while rules are being applied are taken together afterwards. */
  async #refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isApplying) return;
    this.#isApplying = true;
    while (this.#isStale) {
      this.#isStale = false;
      try {
        await this.#apply();
      } catch (error) {
        this.#say(`cannot apply the rules of Services: ${String(error)}`);
      }
    }
    this.#isApplying = false;
  }

  async #apply(): Promise<void> {
    const rules = serviceRules(this.#services.all(), this.#slices.all(), this.#ranges);
    if (rules === this.#applied) return;
    await run("nft", ["-f", "-"], rules);
    this.#applied = rules;
    // A flow of datagrams has no end: it would go on to the endpoint it began with.
    await run("conntrack", ["-D", "-p", "udp", "--dst-nat"]).catch((error: unknown) => {
      if (!String(error).includes("0 flow entries")) throw error;
    });
  }
}
