// What the starter and the inside of a cluster say to each other: a line of JSON each, over the inside's stdin and stdout.
// The end of stdin is the order to stop.

import type { ImageTable } from "../node/image.ts";

export interface StartOrder {
  readonly kind: "start";
  readonly name: string;
  /** The second number of the cluster's addresses. */
  readonly range: number;
  readonly uplink: string;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly programs: {
    readonly etcd: string;
    readonly apiServer: string;
    readonly controllers: string;
    readonly kubectl: string;
  };
  readonly customResources: string;
  readonly images: ImageTable;
  readonly restartDelayMs: number;
}

export type Order =
  | StartOrder
  | { readonly kind: "addImages"; readonly id: number; readonly images: ImageTable }
  | {
      readonly kind: "execute";
      readonly id: number;
      readonly pod: string;
      readonly container: string;
      readonly command: readonly string[];
    };

export type Report =
  /** The namespaces are there: the starter may lead its link into them. */
  | { readonly kind: "entered" }
  | { readonly kind: "progress"; readonly line: string }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly result?: unknown;
      readonly error?: string;
    };

export const nodeName = "node";
