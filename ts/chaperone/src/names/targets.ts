/** Which addresses a name may stand for. Pure. */

import { BlockList, isIP } from "node:net";

/**
 * Whoever may write a name, or answers for it in DNS, must not reach what trusts this host: its loopback, its link (where clouds
 * serve credentials), and what is no address of one host at all.
 */
const refused = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "fe80::/10",
  "ff00::/8",
];

/** Gives whether an address may be used. `allowed` are networks that may be although they are refused otherwise. */
export function targetPolicy(allowed: readonly string[]): (address: string) => boolean {
  const [no, yes] = [listOf(refused), listOf(allowed)];
  return (address) => {
    const family = isIP(address) === 4 ? "ipv4" : "ipv6";
    return isIP(address) !== 0 && (yes.check(address, family) || !no.check(address, family));
  };
}

/** Whether a text is a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const match = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(text);
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(match?.[1] ?? "")] ?? -1;
  return match !== null && Number(match[2]) <= bits;
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix = ""] = network.split("/");
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
