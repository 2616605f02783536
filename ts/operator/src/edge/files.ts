/** What an edge's configuration names by path: certificates, which travel in a Secret, and authorities, which are public. Pure. */

import { createHash } from "node:crypto";
import type { AuthorityModel, CertificateModel } from "@ghost-gateway/gateway-api";

/** Data of Secrets (base64) and ConfigMaps (text) by `namespace/name`; undefined for one that is not there. */
export interface Sources {
  readonly secret: (key: string) => Readonly<Record<string, string>> | undefined;
  readonly configMap: (key: string) => Readonly<Record<string, string>> | undefined;
}

/** Paths of a certificate and its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * Collects what is named. Files are named after what they hold: a rotated certificate is another file, so a configuration
 * and its files cannot be mixed up.
 */
export class EdgeFiles {
  readonly #sources: Sources;
  readonly #secret = new Map<string, string>();
  readonly #authorities = new Map<string, Uint8Array>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /**
   * Undefined where the Secret went away meanwhile: the change is on its way. `folder` gives a listener files of its own: what
   * a connection may ask for is told by the certificate that it was shown (RFC 9110, section 15.5.20).
   */
  certificate({ secret }: CertificateModel, folder = "tls"): CertificateFiles | undefined {
    const data = this.#sources.secret(secret);
    const [chain, key] = [data?.["tls.crt"], data?.["tls.key"]];
    if (chain === undefined || key === undefined) return undefined;
    const name = nameOf(`${chain}\n${key}`);
    this.#secret.set(`${name}.crt`, chain).set(`${name}.key`, key);
    return { cert: `${folder}/${name}.crt`, key: `${folder}/${name}.key` };
  }

  /** The path of a file with these authorities. */
  authority({ configMap }: AuthorityModel): string | undefined {
    const bundle = this.#sources.configMap(configMap)?.["ca.crt"];
    if (bundle === undefined) return undefined;
    const path = `authorities/${nameOf(bundle)}.pem`;
    this.#authorities.set(path, Buffer.from(bundle));
    return path;
  }

  /** Data of the Secret with certificates and keys, base64. */
  get secretData(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#secret].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Authorities by path. */
  get documents(): ReadonlyMap<string, Uint8Array> {
    return this.#authorities;
  }
}

function nameOf(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}
