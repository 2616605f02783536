/**
 * TLS of listeners: certificates (`Listener.tls`) and what is asked of clients
 * (`GatewaySpec.tls.frontend`), with references followed and what they lead to looked at.
 */

import { gatewayGroup } from "../objects.js";
import type {
  FrontendTls,
  FrontendValidation,
  Listener,
  ObjectReference,
  SecretReference,
} from "../objects.js";
import { quote } from "../source.js";
import type { Path } from "../source.js";
import { readAuthorities, readCertificate } from "./certificate.js";
import type { AuthorityModel, CertificateModel } from "./certificate.js";
import { isPermitted } from "./grant.js";
import type { Referrer } from "./grant.js";
import type { Lookup } from "./lookup.js";
import type { ListenerRefusal, ListenerUnresolved, Problem } from "./problem.js";

/** What a listener that speaks TLS does. */
export interface TlsModel {
  readonly mode: "Terminate" | "Passthrough";
  /** The good ones of those that are named, in order. */
  readonly certificates: readonly CertificateModel[];
  readonly clientValidation?: ClientValidation;
}

export interface ClientValidation {
  readonly mode: FrontendValidation["mode"];
  /** The good ones of those that are named, in order. */
  readonly authorities: readonly AuthorityModel[];
}

/** What came of a listener's TLS settings. */
export interface TlsJudgement {
  readonly tls?: TlsModel;
  readonly refusals: readonly Problem<ListenerRefusal>[];
  readonly unresolved: readonly Problem<ListenerUnresolved>[];
}

const none: TlsJudgement = { refusals: [], unresolved: [] };

/** Who owns the listener, and what the Gateway asks of clients. */
export interface TlsContext {
  readonly owner: Referrer;
  /** The Gateway: its references to authorities are its own, also for listeners of ListenerSets. */
  readonly gateway: Referrer;
  readonly frontend: FrontendTls | undefined;
}

export function judgeTls(
  listener: Listener,
  path: Path,
  context: TlsContext,
  lookup: Lookup,
): TlsJudgement {
  const { protocol, tls } = listener;
  if (protocol !== "HTTPS" && protocol !== "TLS")
    return tls === undefined
      ? none
      : refused([...path, "tls"], `A listener of protocol ${protocol} has no TLS.`);
  if (protocol === "HTTPS" && tls?.mode === "Passthrough")
    return refused(
      [...path, "tls", "mode"],
      "A listener of protocol HTTPS terminates TLS; it cannot pass it through.",
    );
  // The API server demands a mode of protocol TLS: its default would be a surprise in either way.
  if (protocol === "TLS" && tls?.mode === undefined)
    return refused(
      [...path, "tls"],
      "A listener of protocol TLS needs tls.mode, Terminate or Passthrough.",
    );
  if (tls?.mode === "Passthrough")
    return { ...none, tls: { mode: "Passthrough", certificates: [] } };
  return judgeTermination(listener, path, context, lookup);
}

function refused(path: Path, message: string): TlsJudgement {
  return {
    ...none,
    refusals: [{ reason: "UnsupportedValue", code: "invalidCertificate", path, message }],
  };
}

function judgeTermination(
  { port, protocol, tls }: Listener,
  path: Path,
  context: TlsContext,
  lookup: Lookup,
): TlsJudgement {
  const references = tls?.certificateRefs ?? [];
  const followed = references.map((reference, index) =>
    followCertificate(reference, [...path, "tls", "certificateRefs", index], context, lookup),
  );
  const missing =
    references.length > 0
      ? []
      : [noCertificate(path, `A listener of protocol ${protocol} needs tls.certificateRefs.`)];
  const clients = judgeClients(port, context, lookup);
  const certificates = followed.flatMap((found) => ("secret" in found ? [found] : []));
  return {
    tls: {
      mode: "Terminate",
      certificates,
      ...(clients.validation === undefined ? {} : { clientValidation: clients.validation }),
    },
    refusals: clients.refusals,
    unresolved: [
      ...missing,
      ...followed.flatMap((found) => ("secret" in found ? [] : [found])),
      ...clients.unresolved,
    ],
  };
}

function followCertificate(
  reference: SecretReference,
  path: Path,
  { owner }: TlsContext,
  lookup: Lookup,
): CertificateModel | Problem<ListenerUnresolved> {
  const found = followSecret(reference, owner, lookup);
  if (typeof found === "string") return noCertificate(path, found);
  if ("secret" in found) return found;
  return {
    reason: "RefNotPermitted",
    code: "certificateNotPermitted",
    path,
    message: found.notPermitted,
  };
}

function noCertificate(path: Path, message: string): Problem<ListenerUnresolved> {
  return { reason: "InvalidCertificateRef", code: "invalidCertificate", path, message };
}

/** Follows a reference to a certificate; a text says what is wrong with it. */
export function followSecret(
  reference: SecretReference,
  owner: Referrer,
  { grants, store, isPartial }: Lookup,
): CertificateModel | { readonly notPermitted: string } | string {
  const { group, kind, name } = reference;
  if (group !== "" || kind !== "Secret")
    return `${quote(kind)} of group ${quote(group)} is no kind of certificate; a Secret is.`;
  const namespace = reference.namespace || owner.namespace;
  const key = `${namespace}/${name}`;
  if (!isPermitted(grants, owner, { group, kind, name, namespace }))
    return {
      notPermitted: `No ReferenceGrant lets ${owner.kind}s of namespace ${owner.namespace} use Secret ${key}.`,
    };
  const entry = store.Secret.get(key);
  if (entry !== undefined) return readCertificate(entry);
  return isPartial ? { secret: key } : `Secret ${key} does not exist.`;
}

interface ClientsJudgement {
  readonly validation?: ClientValidation;
  readonly refusals: readonly Problem<ListenerRefusal>[];
  readonly unresolved: readonly Problem<ListenerUnresolved>[];
}

function judgeClients(
  port: number,
  { gateway, frontend }: TlsContext,
  lookup: Lookup,
): ClientsJudgement {
  const index = frontend?.perPort.findIndex((entry) => entry.port === port) ?? -1;
  const own = frontend?.perPort[index];
  const validation = (own?.tls ?? frontend?.default)?.validation;
  if (validation === undefined) return none;
  const at = own === undefined ? ["default"] : ["perPort", index, "tls"];
  const path = ["spec", "tls", "frontend", ...at, "validation", "caCertificateRefs"];
  const followed = validation.caCertificateRefs.map((reference, step) =>
    followAuthority(reference, [...path, step], gateway, lookup),
  );
  const authorities = followed.flatMap((found) => ("configMap" in found ? [found] : []));
  const unresolved = followed.flatMap((found) => ("configMap" in found ? [] : [found]));
  const message = "No authority that clients could be checked against is usable.";
  return {
    validation: { mode: validation.mode, authorities },
    refusals:
      authorities.length > 0
        ? []
        : [{ reason: "NoValidCACertificate", code: "invalidAuthority", path, message }],
    unresolved,
  };
}

function followAuthority(
  reference: ObjectReference,
  path: Path,
  gateway: Referrer,
  { grants, store, isPartial }: Lookup,
): AuthorityModel | Problem<ListenerUnresolved> {
  const { group, kind, name } = reference;
  const fail = (reason: ListenerUnresolved, message: string): Problem<ListenerUnresolved> => ({
    reason,
    code: "invalidAuthority",
    path,
    message,
  });
  if (group !== "" || kind !== "ConfigMap")
    return fail(
      "InvalidCACertificateKind",
      `${quote(kind)} of group ${quote(group)} holds no authorities; a ConfigMap does.`,
    );
  const namespace = reference.namespace || gateway.namespace;
  const key = `${namespace}/${name}`;
  if (!isPermitted(grants, gateway, { group, kind, name, namespace }))
    return fail(
      "RefNotPermitted",
      `No ReferenceGrant lets Gateways of namespace ${gateway.namespace} use ConfigMap ${key}.`,
    );
  const entry = store.ConfigMap.get(key);
  if (entry === undefined)
    return isPartial
      ? { configMap: key }
      : fail("InvalidCACertificateRef", `ConfigMap ${key} does not exist.`);
  const found = readAuthorities(entry);
  return typeof found === "string" ? fail("InvalidCACertificateRef", found) : found;
}

/** Who a Gateway or ListenerSet is when it refers to something. */
export function referrerOf(kind: string, namespace: string): Referrer {
  return { group: gatewayGroup, kind, namespace };
}
