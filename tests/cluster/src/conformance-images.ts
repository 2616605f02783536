// The images that the conformance suite's manifests name, as programs of this machine.

import type { Programs } from "./build/programs.ts";
import type { ImageTable } from "./node/image.ts";

export function conformanceImages({ path }: Programs): ImageTable {
  return {
    "gcr.io/k8s-staging-gateway-api/echo-basic": { command: [path("echo-basic")] },
    "registry.k8s.io/gateway-api/echo-basic": { command: [path("echo-basic")] },
    // Asked by one test, ready in all: see modules/conformance/dns-responder.
    "registry.k8s.io/coredns/coredns": { command: [path("dns-responder")] },
  };
}
