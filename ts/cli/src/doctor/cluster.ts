/** Whether a cluster can be reached, has the Gateway API's definitions, and lets us read. */

import type { Connection, KubernetesObject } from "@ghost-gateway/kubernetes";
import { loadKubernetes } from "../cluster.js";
import { error, messageOf, ok, warning } from "./finding.js";
import type { Finding } from "./finding.js";

/** Kinds that routes are made of, and what is missing without them. */
const definitions = ["gatewayclasses", "gateways", "httproutes", "grpcroutes", "referencegrants"];
const group = "gateway.networking.k8s.io";

interface Definition extends KubernetesObject {
  readonly spec?: { readonly versions?: readonly { name: string; served: boolean }[] };
}

interface AccessReview {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}

export interface ClusterOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

export async function checkCluster(options: ClusterOptions): Promise<Finding[]> {
  try {
    const kubernetes = await loadKubernetes();
    const connection = kubernetes.Connection.open(options);
    const reached = await checkServer(connection);
    if (reached.state === "error") return [reached];
    return [reached, await checkDefinitions(connection), await checkRights(connection)];
  } catch (thrown) {
    return [
      error(
        "cluster",
        messageOf(thrown),
        "name a kubeconfig with --kubeconfig, a context with --context",
      ),
    ];
  }
}

async function checkServer(connection: Connection): Promise<Finding> {
  const check = "cluster";
  try {
    const { gitVersion } = await connection.send<{ gitVersion?: string }>({
      method: "GET",
      path: "/version",
    });
    return ok(check, `${connection.server}, Kubernetes ${gitVersion ?? "of an unknown version"}`);
  } catch (thrown) {
    return error(
      check,
      `${connection.server}: ${messageOf(thrown)}`,
      "look whether the server runs and the credentials are good: kubectl version",
    );
  }
}

async function checkDefinitions(connection: Connection): Promise<Finding> {
  const check = "gateway api";
  const missing: string[] = [];
  for (const plural of definitions) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}`;
    const found = await connection.send<Definition>({ method: "GET", path }).catch(() => undefined);
    const isServed =
      found?.spec?.versions?.some(({ name, served }) => name === "v1" && served) ?? false;
    if (!isServed) missing.push(plural);
  }
  return missing.length === 0
    ? ok(check, "its definitions are there, v1")
    : error(
        check,
        `no v1 of ${missing.join(", ")}`,
        "install the Gateway API's standard definitions, version 1.5 or later",
      );
}

async function checkRights(connection: Connection): Promise<Finding> {
  const check = "permissions of us";
  const asked = [
    ...definitions.map((resource) => ({ group, resource })),
    { group: "", resource: "services" },
    { group: "", resource: "namespaces" },
    { group: "discovery.k8s.io", resource: "endpointslices" },
  ];
  const denied: string[] = [];
  for (const attributes of asked) {
    const review = await connection.send<AccessReview>({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { ...attributes, verb: "list" } },
      },
    });
    if (review.status?.allowed !== true) denied.push(attributes.resource);
  }
  return denied.length === 0
    ? ok(check, "everything that is asked about may be read")
    : warning(
        check,
        `${denied.join(", ")} may not be listed`,
        "ask for a role that may list them, or name files with -f",
      );
}
