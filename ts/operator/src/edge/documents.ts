/** Everything that a Pod with ghost-edge is given: documents, and the Secret's data. Pure. */

import type { GatewayTranslation, Ir } from "@ghost-gateway/gateway-api";
import { edgeConfiguration } from "./configuration.js";
import { EdgeFiles } from "./files.js";
import type { Sources } from "./files.js";

export interface EdgeDelivery {
  readonly documents: ReadonlyMap<string, Uint8Array>;
  /** Base64 by file name. */
  readonly secretData: Readonly<Record<string, string>>;
}

export function edgeDelivery(
  translation: GatewayTranslation,
  sources: Sources,
  drainSeconds: number,
): EdgeDelivery {
  const files = new EdgeFiles(sources);
  const configuration = edgeConfiguration(translation.ir, { files, drainSeconds });
  return {
    documents: new Map([
      ["edge.json", bytesOf(configuration)],
      ...routingDocuments(translation),
      ...files.documents,
    ]),
    secretData: files.secretData,
  };
}

const written = new WeakMap<Ir, ReadonlyMap<string, Uint8Array>>();

/** Routes and endpoints. The translation gives the same IR while it says the same: then these are the same bytes. */
export function routingDocuments({
  ir,
  documents: { routes, endpoints },
}: GatewayTranslation): ReadonlyMap<string, Uint8Array> {
  const known = written.get(ir);
  if (known !== undefined) return known;
  const documents = new Map([
    ["routes.json", bytesOf(routes)],
    ["endpoints.json", bytesOf(endpoints)],
  ]);
  written.set(ir, documents);
  return documents;
}

function bytesOf(document: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(document)}\n`);
}
