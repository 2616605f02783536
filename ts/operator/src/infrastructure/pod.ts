/**
 * The Pod of a Gateway. Either ghost-edge takes connections, with a chaperone beside it that brings its files, or the engine
 * does, with the chaperone that runs it. Pure.
 */

import type { Infrastructure } from "@ghost-gateway/gateway-api";
import type { GatewayClassParametersSpec } from "../parameters/schema.js";
import { childName } from "./names.js";
import type { GatewayIdentity } from "./names.js";
import type { DataPlaneSettings } from "./settings.js";

/** Where kubelet asks how the Pod is. */
export const healthPort = 9181;
const user = 65_532;
const defaultGrace = 300;
const defaultStorage = "256Mi";
/** Seconds in which load balancers learn that a Pod ends; it goes on taking connections for so long. */
const farewell = 5;
/** Of the folder with keys and documents: two generations of the largest there may be. */
const folderLimit = "512Mi";
const folder = "/run/ghost";
const edgeFolder = `${folder}/edge`;

const fields = {
  POD_NAME: "metadata.name",
  POD_NAMESPACE: "metadata.namespace",
  POD_IP: "status.podIP",
};

/** Whether requests meet the engine first and alone. */
export function isVarnishAlone({ dataPlane }: GatewayClassParametersSpec): boolean {
  return dataPlane === "Varnish";
}

/** Seconds that requests in flight have when a Pod ends. */
export function drainSeconds({
  terminationGracePeriodSeconds = defaultGrace,
}: GatewayClassParametersSpec): number {
  return terminationGracePeriodSeconds - farewell - 5;
}

export function podSpec(
  gateway: GatewayIdentity,
  { ports }: Pick<Infrastructure, "ports">,
  parameters: GatewayClassParametersSpec,
  settings: DataPlaneSettings,
): Readonly<Record<string, unknown>> {
  const { terminationGracePeriodSeconds = defaultGrace } = parameters;
  return {
    serviceAccountName: childName(gateway),
    terminationGracePeriodSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
      // Clients come to ports below 1024, and nobody here has rights for that.
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
    },
    ...(isVarnishAlone(parameters)
      ? withVarnish(gateway, ports, parameters, settings)
      : withEdge(gateway, parameters, settings)),
    ...scheduling(parameters),
  };
}

function withVarnish(
  gateway: GatewayIdentity,
  ports: Infrastructure["ports"],
  parameters: GatewayClassParametersSpec,
  settings: DataPlaneSettings,
): object {
  const { image = settings.image, resources, varnishd } = parameters;
  const storage = varnishd?.storage ?? defaultStorage;
  const container = {
    ...common("varnish", image, parameters, resources?.varnish),
    args: [
      ...chaperoneArguments(gateway),
      "--run-folder",
      // A folder of its own making: the volume belongs to root.
      `${folder}/chaperone`,
      "--cache-size",
      storage.replace(/i$/, "").toLowerCase(),
      ...parameterArguments(varnishd?.parameters),
    ],
    env: environment(),
    // The engine opens its listeners when it starts: another port is another Pod.
    ports: containerPorts(ports),
    ...probes(),
    // The end is told to the chaperone, which drains for as long as it takes.
    lifecycle: { preStop: { sleep: { seconds: farewell } } },
  };
  return { containers: [container], volumes: volumes({}) };
}

/** The chaperone comes first and goes last (a sidecar): the edge finds its configuration when it starts. */
function withEdge(
  gateway: GatewayIdentity,
  parameters: GatewayClassParametersSpec,
  settings: DataPlaneSettings,
): object {
  const { image = settings.image, edgeImage = settings.edgeImage, resources } = parameters;
  const chaperone = {
    ...common("chaperone", image, parameters, undefined),
    restartPolicy: "Always",
    args: [...chaperoneArguments(gateway), "--edge", edgeFolder],
    env: environment(),
    startupProbe: { ...probe("/startupz", 1), failureThreshold: 600 },
    ...probes(),
  };
  const edge = {
    ...common("edge", edgeImage, parameters, resources?.edge),
    // No ports: the edge opens and closes listeners as it runs, and to name them here would replace Pods for it.
    args: ["--config", `${edgeFolder}/edge.json`, "--last-good", `${edgeFolder}/state`],
    lifecycle: { preStop: { sleep: { seconds: farewell } } },
  };
  return {
    initContainers: [chaperone],
    containers: [edge],
    // Keys of certificates are never on a disk.
    volumes: volumes({ medium: "Memory", sizeLimit: folderLimit }),
  };
}

function common(
  name: string,
  image: string,
  { imagePullPolicy }: GatewayClassParametersSpec,
  resources: unknown,
): object {
  return {
    name,
    image,
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(resources === undefined ? {} : { resources }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "run", mountPath: folder },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function chaperoneArguments(gateway: GatewayIdentity): readonly string[] {
  return [
    "--delivery",
    `${gateway.namespace}/${childName(gateway)}`,
    "--pod-health",
    `$(POD_IP):${healthPort}`,
  ];
}

function environment(): readonly object[] {
  return Object.entries(fields).map(([name, fieldPath]) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  }));
}

function containerPorts(ports: Infrastructure["ports"]): readonly object[] {
  return ports.map(({ port, transport }) => ({ containerPort: port, protocol: transport }));
}

function probes(): object {
  return {
    readinessProbe: probe("/readyz", 1),
    livenessProbe: { ...probe("/healthz", 10), failureThreshold: 6 },
  };
}

function volumes(run: object): readonly object[] {
  return [
    { name: "run", emptyDir: run },
    { name: "tmp", emptyDir: {} },
  ];
}

function parameterArguments(parameters: Readonly<Record<string, string>> = {}): readonly string[] {
  const names = Object.keys(parameters).toSorted();
  if (names.length === 0) return [];
  return ["--", ...names.flatMap((name) => ["-p", `${name}=${parameters[name]}`])];
}

function probe(path: string, periodSeconds: number): Readonly<Record<string, unknown>> {
  return { httpGet: { path, port: healthPort }, periodSeconds };
}

function scheduling(parameters: GatewayClassParametersSpec): Readonly<Record<string, unknown>> {
  const { nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName } =
    parameters;
  const given = {
    nodeSelector,
    tolerations,
    affinity,
    topologySpreadConstraints,
    priorityClassName,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
