// etcd, kube-apiserver and kube-controller-manager, as this machine can run them fastest: one of each, etcd without fsync.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiClient } from "../api/client.ts";
import type { ClusterRanges } from "../network/ranges.ts";
import { writeKubeconfig, type Credentials } from "./certificates.ts";
import { ControlPlaneProcess } from "./process.ts";

export const apiServerPort = 6443;
const etcdUrl = "http://127.0.0.1:2379";
/** An API server that has not become ready by then never will. */
const patienceMs = 120_000;

export interface ControlPlaneOptions {
  readonly name: string;
  readonly folder: string;
  readonly dataFolder: string;
  readonly programs: {
    readonly etcd: string;
    readonly apiServer: string;
    readonly controllers: string;
  };
  readonly ranges: ClusterRanges;
  readonly credentials: Credentials;
  readonly kubeconfig: string;
}

export interface ControlPlane {
  readonly client: ApiClient;
  /** Rejects when one of the programs ends by itself. */
  readonly lost: Promise<never>;
  readonly stop: () => Promise<void>;
}

function etcdFlags({ dataFolder }: ControlPlaneOptions): string[] {
  return [
    `--data-dir=${dataFolder}/etcd`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    "--listen-peer-urls=http://127.0.0.1:2380",
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

function apiServerFlags({ ranges, credentials, dataFolder }: ControlPlaneOptions): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=0.0.0.0",
    `--advertise-address=${ranges.node}`,
    `--secure-port=${apiServerPort}`,
    `--cert-dir=${dataFolder}`,
    `--tls-cert-file=${credentials.apiServer.certificate}`,
    `--tls-private-key-file=${credentials.apiServer.key}`,
    `--token-auth-file=${credentials.tokens}`,
    "--authorization-mode=RBAC",
    "--allow-privileged=true",
    `--service-cluster-ip-range=${ranges.services}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${credentials.serviceAccountKey}`,
    `--service-account-signing-key-file=${credentials.serviceAccountKey}`,
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-certificate-authority=${credentials.certificateAuthority}`,
    `--kubelet-client-certificate=${credentials.nodeClient.certificate}`,
    `--kubelet-client-key=${credentials.nodeClient.key}`,
    "--profiling=false",
  ];
}

function controllerFlags({ kubeconfig, credentials }: ControlPlaneOptions): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    "--leader-elect=false",
    "--use-service-account-credentials=false",
    `--service-account-private-key-file=${credentials.serviceAccountKey}`,
    `--root-ca-file=${credentials.certificateAuthority}`,
    // Nothing here has metrics to scale by, volumes to attach or a cloud beneath.
    "--controllers=*,-horizontal-pod-autoscaler-controller,-persistentvolume-attach-detach-controller",
    // A busy machine may delay the node's heartbeat; pods are not evicted for that.
    "--node-monitor-grace-period=120s",
    "--profiling=false",
  ];
}

/** Resolves when `/readyz` answers ok. */
async function untilReady(client: ApiClient): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await client.text("/readyz");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error("kube-apiserver is not ready", { cause: error });
      await sleep(50);
    }
  }
}

export async function startControlPlane(
  options: ControlPlaneOptions,
  say: (line: string) => void,
): Promise<ControlPlane> {
  const { folder, programs, ranges, credentials, kubeconfig } = options;
  const log = (name: string) => `${folder}/logs/${name}.log`;
  const begin = (name: string, program: string, flags: readonly string[]) =>
    new ControlPlaneProcess(name, program, flags, log(name));
  const server = `https://${ranges.node}:${apiServerPort}`;
  await writeKubeconfig(kubeconfig, options.name, server, credentials);
  const client = new ApiClient({
    address: ranges.node,
    port: apiServerPort,
    certificateAuthority: await readFile(credentials.certificateAuthority, "utf8"),
    token: credentials.adminToken,
  });
  const etcd = begin("etcd", programs.etcd, etcdFlags(options));
  const apiServer = begin("kube-apiserver", programs.apiServer, apiServerFlags(options));
  const running = [etcd, apiServer];
  await Promise.race([untilReady(client), etcd.lost, apiServer.lost]);
  say("kube-apiserver is ready");
  const controllers = begin(
    "kube-controller-manager",
    programs.controllers,
    controllerFlags(options),
  );
  running.push(controllers);
  return {
    client,
    lost: Promise.race(running.map(({ lost }) => lost)),
    stop: async () => {
      client.close();
      // The order of dependence, from the outside in.
      for (const process of running.toReversed()) await process.stop();
    },
  };
}
