/** Configurations to begin with. */

import type { Shared } from "../share/fragment.js";
import canary from "./canary.json?raw";
import filters from "./filters.json?raw";
import manifests from "./gateway.yaml?raw";

export interface Example extends Shared {
  readonly name: string;
}

function asking(url: string, headers = ""): Shared["question"] {
  return { method: "GET", url, headers, draw: 0 };
}

export const examples: readonly [Example, ...Example[]] = [
  {
    name: "A shop with a canary",
    format: "ghost.json",
    text: canary,
    question: asking("http://shop.example.com/cart/1"),
  },
  {
    name: "Redirects, rewrites, headers",
    format: "ghost.json",
    text: filters,
    question: asking("http://www.example.com/old/page?id=7"),
  },
  {
    name: "Gateway API manifests",
    format: "manifests",
    text: manifests,
    question: asking("http://shop.example.com/cart", "x-user: beta"),
  },
];
