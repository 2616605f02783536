/**
 * Certificates and authorities in Secrets and ConfigMaps, looked at as far as it takes to know that
 * they can be served with. Pure: what has expired is the data plane's to see, which has a clock.
 *
 * Nothing of a value gets into a message; what goes on is a reference and the fingerprint of what
 * is public anyway.
 */

import { X509Certificate, createPrivateKey } from "node:crypto";
import type { DataSpec } from "../objects.js";
import type { Entry } from "./store.js";

/** A certificate with its key, by reference. */
export interface CertificateModel {
  /** `namespace/name` of the Secret. */
  readonly secret: string;
  /** SHA-256 over the leaf certificate; changes when the Secret is rotated. Absent: not looked at. */
  readonly fingerprint?: string;
  /** Names and addresses of the certificate, sorted. */
  readonly names?: readonly string[];
}

/** Authorities, by reference. */
export interface AuthorityModel {
  /** `namespace/name` of the ConfigMap. */
  readonly configMap: string;
  /** SHA-256 of every authority of the bundle. Absent: not looked at. */
  readonly fingerprints?: readonly string[];
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const largestBundle = 1024 * 1024;

/** What a Secret of type kubernetes.io/tls holds, or what is wrong with it. */
export function readCertificate({
  spec,
  metadata: { namespace, name },
}: Entry<DataSpec>): CertificateModel | string {
  const secret = `${namespace}/${name}`;
  const chain = decodeBase64(spec?.data.get("tls.crt"));
  const key = decodeBase64(spec?.data.get("tls.key"));
  if (chain === undefined) return `Secret ${secret} has no readable tls.crt.`;
  if (key === undefined) return `Secret ${secret} has no readable tls.key.`;
  const certificates = parseCertificates(chain);
  const leaf = certificates?.[0];
  if (leaf === undefined) return `tls.crt of Secret ${secret} is no PEM certificate.`;
  const match = keyMatches(leaf, key);
  if (match === undefined) return `tls.key of Secret ${secret} is no PEM private key.`;
  if (!match) return `tls.key of Secret ${secret} does not belong to its certificate.`;
  return { secret, fingerprint: leaf.fingerprint256, names: namesOf(leaf) };
}

/** What a ConfigMap with authorities holds under `ca.crt`, or what is wrong with it. */
export function readAuthorities({
  spec,
  metadata: { namespace, name },
}: Entry<DataSpec>): AuthorityModel | string {
  const configMap = `${namespace}/${name}`;
  const bundle = spec?.data.get("ca.crt");
  if (bundle === undefined) return `ConfigMap ${configMap} has no ca.crt.`;
  const certificates = parseCertificates(bundle);
  if (certificates === undefined || certificates.length === 0)
    return `ca.crt of ConfigMap ${configMap} holds no readable PEM certificate.`;
  return { configMap, fingerprints: certificates.map(({ fingerprint256 }) => fingerprint256) };
}

function decodeBase64(value: string | undefined): string | undefined {
  if (value === undefined || value === "" || value.length > largestBundle) return undefined;
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value)) return undefined;
  return Buffer.from(value, "base64").toString("latin1");
}

/** Undefined: a block is there that is no certificate. */
function parseCertificates(text: string): X509Certificate[] | undefined {
  if (text.length > largestBundle) return undefined;
  try {
    return (text.match(pemCertificate) ?? []).map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

/** Undefined: no private key. */
function keyMatches(certificate: X509Certificate, key: string): boolean | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return undefined;
  }
}

function namesOf({ subjectAltName }: X509Certificate): string[] {
  const names = [...(subjectAltName ?? "").matchAll(/(?:^|, )(?:DNS|IP Address):([^,]+)/g)];
  return names.flatMap(([, name]) => name ?? []).toSorted();
}
