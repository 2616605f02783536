/** What the tests apply. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Pods that say who they are, behind the Service `echo`. */
export const echo = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: echo, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: echo } }
  template:
    metadata: { labels: { app: echo } }
    spec:
      containers:
        - name: echo
          image: registry.k8s.io/gateway-api/echo-basic:v1
          env:
            - { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
            - { name: NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
---
apiVersion: v1
kind: Service
metadata: { name: echo, namespace: default }
spec: { selector: { app: echo }, ports: [{ port: 8080, targetPort: 3000 }] }
`;

export const gateway = (name: string, className: string, listeners: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: default }
spec: { gatewayClassName: ${className}, listeners: [${listeners}] }
`;

/** A route to \`echo\` for a host, and for a path where one is given. */
export const route = (name: string, parent: string, host: string, match = ""): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: default }
spec:
  parentRefs: [{ name: ${parent} }]
  hostnames: [${host}]
  rules: [{ ${match} backendRefs: [{ name: echo, port: 8080 }] }]
`;

/** A Secret with a certificate for a host, made anew with every call. */
export function certificate(name: string, host: string): object {
  const folder = mkdtempSync(join(tmpdir(), "ghost-certificate-"));
  try {
    const [crt, key] = [join(folder, "tls.crt"), join(folder, "tls.key")];
    const subject = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...made, ...subject, "-keyout", key, "-out", crt], {
      stdio: "ignore",
    });
    const data = { "tls.crt": base64(crt), "tls.key": base64(key) };
    const metadata = { name, namespace: "default" };
    return { apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/tls", data };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function base64(file: string): string {
  return readFileSync(file).toString("base64");
}
