/** A Kubernetes cluster on this machine for tests: a real control plane, and a node whose pods are local processes. */

export { ApiClient, ApiError, isApiError } from "./api/client.ts";
export type { Connection, WatchEvent } from "./api/client.ts";
export { buildPrograms } from "./build/programs.ts";
export type { Programs } from "./build/programs.ts";
export { startCluster } from "./cluster.ts";
export type { Cluster, ClusterOptions } from "./cluster.ts";
export type { ClusterRanges } from "./network/ranges.ts";
export type { ImageSource, ImageTable } from "./node/image.ts";
