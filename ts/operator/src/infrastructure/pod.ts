/** The Pod of a Gateway whose data plane is the engine alone: chaperone and varnishd. Pure. */

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

const fields = {
  POD_NAME: "metadata.name",
  POD_NAMESPACE: "metadata.namespace",
  POD_IP: "status.podIP",
};

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
    containers: [chaperone(gateway, ports, parameters, settings)],
    volumes: [
      { name: "run", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ],
    ...scheduling(parameters),
  };
}

function chaperone(
  gateway: GatewayIdentity,
  ports: Infrastructure["ports"],
  { image, imagePullPolicy, resources, varnishd }: GatewayClassParametersSpec,
  settings: DataPlaneSettings,
): object {
  const storage = varnishd?.storage ?? defaultStorage;
  return {
    name: "varnish",
    image: image ?? settings.image,
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    args: [
      "--delivery",
      `${gateway.namespace}/${childName(gateway)}`,
      "--run-folder",
      // A folder of its own making: the volume belongs to root.
      "/run/ghost/chaperone",
      "--pod-health",
      `$(POD_IP):${healthPort}`,
      "--cache-size",
      storage.replace(/i$/, "").toLowerCase(),
      ...parameterArguments(varnishd?.parameters),
    ],
    env: Object.entries(fields).map(([name, fieldPath]) => ({
      name,
      valueFrom: { fieldRef: { fieldPath } },
    })),
    ports: ports.map(({ port, transport }) => ({ containerPort: port, protocol: transport })),
    readinessProbe: probe("/readyz", 1),
    livenessProbe: { ...probe("/healthz", 10), failureThreshold: 6 },
    ...(resources?.varnish === undefined ? {} : { resources: resources.varnish }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "run", mountPath: "/run/ghost" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
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
