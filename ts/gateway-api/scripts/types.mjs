/** TypeScript types of the Gateway API's kinds, from its own definitions. Pure. */

import { compile } from "json-schema-to-typescript";

/** What every object has besides; the definitions leave it to Kubernetes. */
const metadata = `/** Metadata as the API server delivers it; what is not named here is not read. */
export interface ResourceMetadata {
  name?: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  finalizers?: string[];
  [field: string]: unknown;
}
`;

/** Without defaults and required status: types of what may be written. */
function typed(schema) {
  if (Array.isArray(schema)) return schema.map(typed);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(([word]) => word !== "default");
  return Object.fromEntries(entries.map(([word, value]) => [word, typed(value)]));
}

/** Types of version v1 of every kind, in one file. */
export async function resourceTypes({ release, channel, resources }) {
  const parts = [
    `// Generated from the ${channel} definitions of the Gateway API ${release} by \`make generate\`; do not edit.\n`,
    metadata,
  ];
  for (const [kind, { v1 }] of Object.entries(resources)) {
    const schema = typed(v1);
    schema.properties.apiVersion = { type: "string" };
    schema.properties.metadata = { tsType: "ResourceMetadata" };
    const text = await compile(schema, kind, {
      additionalProperties: false,
      bannerComment: "",
      format: true,
    });
    parts.push(`/** Gateway API \`${kind}\`. */\n${text}`);
  }
  return parts.join("\n");
}
