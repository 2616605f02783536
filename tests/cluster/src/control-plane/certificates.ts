// A certificate authority of the cluster's own, valid for a month, and what it signs: the API server and the node.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
const lifetime = ["-days", "30"];

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface Credentials {
  readonly folder: string;
  readonly certificateAuthority: string;
  readonly apiServer: Pair;
  readonly node: Pair;
  /** What the API server shows to the node when it asks for logs. */
  readonly nodeClient: Pair;
  readonly serviceAccountKey: string;
  /** Rows `token,user,uid,groups`. */
  readonly tokens: string;
  readonly adminToken: string;
}

interface Subject {
  readonly name: string;
  readonly commonName: string;
  readonly alternativeNames?: readonly string[];
  readonly usage: "serverAuth" | "clientAuth";
}

async function openssl(...args: readonly string[]): Promise<void> {
  await run("openssl", args);
}

async function signed(folder: string, subject: Subject): Promise<Pair> {
  const pair = {
    certificate: `${folder}/${subject.name}.crt`,
    key: `${folder}/${subject.name}.key`,
  };
  const names = subject.alternativeNames ?? [];
  const extensions = [
    `extendedKeyUsage=${subject.usage}`,
    "basicConstraints=critical,CA:FALSE",
    ...(names.length > 0 ? [`subjectAltName=${names.join(",")}`] : []),
  ];
  await openssl(
    "req",
    "-x509",
    ...newKey,
    ...lifetime,
    "-subj",
    `/CN=${subject.commonName}`,
    "-CA",
    `${folder}/ca.crt`,
    "-CAkey",
    `${folder}/ca.key`,
    ...extensions.flatMap((extension) => ["-addext", extension]),
    "-keyout",
    pair.key,
    "-out",
    pair.certificate,
  );
  return pair;
}

/** `addresses`: what the API server is reached by, beside localhost and its Service's names. */
export async function makeCredentials(
  folder: string,
  nodeName: string,
  nodeAddress: string,
  addresses: readonly string[],
): Promise<Credentials> {
  const certificateAuthority = `${folder}/ca.crt`;
  const serviceAccountKey = `${folder}/service-account.key`;
  await Promise.all([
    openssl(
      "req",
      "-x509",
      ...newKey,
      ...lifetime,
      "-subj",
      "/CN=cluster",
      "-addext",
      "keyUsage=critical,keyCertSign,cRLSign",
      "-addext",
      "basicConstraints=critical,CA:TRUE",
      "-keyout",
      `${folder}/ca.key`,
      "-out",
      certificateAuthority,
    ),
    openssl("genrsa", "-out", serviceAccountKey, "2048"),
  ]);
  const service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  const names = ["localhost", ...service, "kubernetes.default.svc.cluster.local"];
  const [apiServer, node, nodeClient] = await Promise.all([
    signed(folder, {
      name: "api-server",
      commonName: "kube-apiserver",
      usage: "serverAuth",
      alternativeNames: [
        ...names.map((name) => `DNS:${name}`),
        ...["127.0.0.1", ...addresses].map((address) => `IP:${address}`),
      ],
    }),
    signed(folder, {
      name: "node",
      commonName: `system:node:${nodeName}`,
      usage: "serverAuth",
      alternativeNames: [`IP:${nodeAddress}`, `DNS:${nodeName}`],
    }),
    signed(folder, { name: "node-client", commonName: "kube-apiserver", usage: "clientAuth" }),
  ]);
  const adminToken = randomBytes(32).toString("hex");
  const tokens = `${folder}/tokens.csv`;
  await writeFile(tokens, `${adminToken},admin,admin,"system:masters"\n`, { mode: 0o600 });
  await chmod(serviceAccountKey, 0o600);
  return {
    folder,
    certificateAuthority,
    apiServer,
    node,
    nodeClient,
    serviceAccountKey,
    tokens,
    adminToken,
  };
}

/** A kubeconfig that needs no other file. */
export async function writeKubeconfig(
  path: string,
  name: string,
  server: string,
  credentials: Credentials,
): Promise<void> {
  const authority = await readFile(credentials.certificateAuthority);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [
      { name, cluster: { server, "certificate-authority-data": authority.toString("base64") } },
    ],
    users: [{ name, user: { token: credentials.adminToken } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
