/** One look at a name in DNS, both families. */

import { Resolver } from "node:dns/promises";

export interface Found {
  readonly addresses: readonly string[];
  /** Seconds for which the answer holds: the least of its records'. */
  readonly ttl: number;
}

/** Rejects where DNS does not answer, or says that there is no such name. */
export type Lookup = (hostname: string) => Promise<Found>;

/** Asks these servers, `address[:port]`; by default those of the system. Neither /etc/hosts nor search domains are looked at. */
export function dnsLookup(servers?: readonly string[]): Lookup {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return async (hostname) => {
    const families = await Promise.all([
      resolver.resolve4(hostname, { ttl: true }).catch(absent),
      resolver.resolve6(hostname, { ttl: true }).catch(absent),
    ]);
    const records = families.flat();
    if (records.length === 0) throw new Error("it has no address");
    return {
      addresses: records.map(({ address }) => address),
      ttl: Math.min(...records.map(({ ttl }) => ttl)),
    };
  };
}

/** A name that has no address of one family may have some of the other. */
function absent(error: unknown): [] {
  if (error instanceof Error && "code" in error && error.code === "ENODATA") return [];
  throw error;
}
