/** The CustomResourceDefinition, made of the schema. */

import { gatewayClassParametersSpec } from "./schema.js";

export const group = "ghost-gateway.io";
const plural = "gatewayclassparameters";

/** As it stands in deploy/crds. */
export function gatewayClassParametersDefinition(): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      labels: { "app.kubernetes.io/part-of": "ghost" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: {
        plural,
        singular: plural,
        kind: "GatewayClassParameters",
        listKind: "GatewayClassParametersList",
        shortNames: ["gwcp"],
        categories: ["gateway-api"],
      },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              description: "What a GatewayClass, or one Gateway, wants of its Pods.",
              type: "object",
              required: ["spec"],
              properties: {
                apiVersion: { type: "string" },
                kind: { type: "string" },
                metadata: { type: "object" },
                // Without what the type's own library keeps on a schema beside JSON Schema.
                spec: JSON.parse(JSON.stringify(gatewayClassParametersSpec)),
              },
            },
          },
          additionalPrinterColumns: [
            { name: "Data plane", type: "string", jsonPath: ".spec.dataPlane" },
            { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
          ],
        },
      ],
    },
  };
}
