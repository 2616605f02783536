/**
 * GatewayClassParameters: how the Pods of a Gateway look. The one source of its type, its CustomResourceDefinition and its
 * documentation.
 *
 * Someone who may write such an object must not get more than a data plane: nothing here becomes VCL, shell text or a
 * command-line switch; `varnishd.parameters` are pairs for `-p`, without those that run programs or open paths.
 */

import * as Type from "typebox";
import type { Static } from "typebox";
import { integerOrPercent, mapOf, oneOf, passedOn } from "./structural.js";

const label = Type.String({ maxLength: 63 });
const annotation = Type.String({ maxLength: 65_536 });
const image = (description: string) => Type.String({ description, minLength: 1, maxLength: 1024 });
const quantity = (description: string) =>
  Type.String({ description, pattern: "^[1-9]\\d{0,9}(Ki|Mi|Gi|Ti|k|M|G|T)?$" });

const resources = (container: string) =>
  Type.Optional(
    passedOn("object", {
      description: `Resource requests and limits of the container ${container}.`,
    }),
  );

const service = Type.Object(
  {
    type: Type.Optional(
      oneOf(["LoadBalancer", "NodePort", "ClusterIP"], {
        description: "How the Service is reached.",
        default: "LoadBalancer",
      }),
    ),
    labels: Type.Optional(mapOf(label, { description: "Further labels.", maxProperties: 64 })),
    annotations: Type.Optional(
      mapOf(annotation, { description: "Further annotations.", maxProperties: 64 }),
    ),
    loadBalancerClass: Type.Optional(
      Type.String({ description: "Which load balancer takes the Service.", maxLength: 253 }),
    ),
    loadBalancerSourceRanges: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        description: "Networks that may come in, in CIDR notation.",
        maxItems: 64,
      }),
    ),
    externalTrafficPolicy: Type.Optional(
      oneOf(["Cluster", "Local"], {
        description: "`Local` keeps the client's address.",
        default: "Cluster",
      }),
    ),
  },
  { description: "The Service in front of the Pods." },
);

const varnishd = Type.Object(
  {
    storage: Type.Optional(quantity("Bytes of memory for cached objects, `256Mi` if not given.")),
    parameters: Type.Optional(
      mapOf(Type.String({ maxLength: 256 }), {
        description:
          "Runtime parameters by name, as `varnishd -p` takes them. Those that name programs or paths, or that loosen what VCL may do, are refused in the Gateway's status.",
        maxProperties: 64,
      }),
    ),
  },
  { description: "The engine." },
);

const userVcl = Type.Object(
  {
    name: Type.String({
      description: "A ConfigMap in the namespace of these parameters.",
      minLength: 1,
      maxLength: 253,
    }),
    key: Type.Optional(
      Type.String({
        description: "Its key that holds the VCL.",
        default: "user.vcl",
        minLength: 1,
        maxLength: 253,
      }),
    ),
  },
  { description: "VCL of your own. Its subroutines run after Ghost's of the same name." },
);

const logging = Type.Object(
  {
    mode: Type.Optional(
      oneOf(["varnishncsa", "varnishlog"], {
        description: "Which of the engine's log readers runs beside it.",
        default: "varnishncsa",
      }),
    ),
    format: Type.Optional(
      Type.String({ description: "Format of a line, for varnishncsa (`-F`).", maxLength: 2048 }),
    ),
    query: Type.Optional(
      Type.String({
        description: "Which transactions are logged, a VSL query (`-q`).",
        maxLength: 1024,
      }),
    ),
    resources: resources("logging"),
  },
  {
    description:
      "A container that writes the engine's log to its standard output. None unless given.",
  },
);

const podDisruptionBudget = Type.Object(
  {
    minAvailable: Type.Optional(integerOrPercent({ description: "Pods that must stay." })),
    maxUnavailable: Type.Optional(integerOrPercent({ description: "Pods that may go at a time." })),
  },
  {
    description: "How many Pods may be taken away on purpose. None unless given.",
    "x-kubernetes-validations": [
      {
        rule: "has(self.minAvailable) != has(self.maxUnavailable)",
        message: "give one of minAvailable and maxUnavailable",
      },
    ],
  },
);

const spec = Type.Object(
  {
    dataPlane: Type.Optional(
      oneOf(["EdgeAndVarnish", "Varnish"], {
        description:
          "`EdgeAndVarnish`: ghost-edge takes connections and sends through the engine what is to be cached. `Varnish`: the engine alone, for plain HTTP.",
        default: "EdgeAndVarnish",
      }),
    ),
    image: Type.Optional(
      image("Image with chaperone and engine. The operator's own release unless given."),
    ),
    edgeImage: Type.Optional(
      image("Image with ghost-edge. The operator's own release unless given."),
    ),
    imagePullPolicy: Type.Optional(
      oneOf(["Always", "IfNotPresent", "Never"], { description: "When images are fetched." }),
    ),
    replicas: Type.Optional(
      Type.Integer({
        description:
          "Pods. Not given: one at first, and then whatever a HorizontalPodAutoscaler or you make it.",
        minimum: 0,
        maximum: 1000,
      }),
    ),
    varnishd: Type.Optional(varnishd),
    userVcl: Type.Optional(userVcl),
    resources: Type.Optional(
      Type.Object(
        { varnish: resources("varnish"), edge: resources("edge") },
        { description: "What the containers may use." },
      ),
    ),
    service: Type.Optional(service),
    logging: Type.Optional(logging),
    podDisruptionBudget: Type.Optional(podDisruptionBudget),
    topologySpreadConstraints: Type.Optional(
      passedOn("array", {
        description: "How Pods spread over nodes and zones, as in a Pod.",
        maxItems: 16,
      }),
    ),
    nodeSelector: Type.Optional(
      mapOf(label, { description: "Labels a node must have.", maxProperties: 64 }),
    ),
    tolerations: Type.Optional(
      passedOn("array", {
        description: "Taints of nodes that are borne, as in a Pod.",
        maxItems: 64,
      }),
    ),
    affinity: Type.Optional(
      passedOn("object", { description: "Which nodes are wanted, as in a Pod." }),
    ),
    priorityClassName: Type.Optional(
      Type.String({ description: "Importance of the Pods.", maxLength: 253 }),
    ),
    terminationGracePeriodSeconds: Type.Optional(
      Type.Integer({
        description: "Seconds a Pod has to drain.",
        default: 300,
        minimum: 30,
        maximum: 3600,
      }),
    ),
  },
  { description: "How the Pods of a Gateway look." },
);

export { spec as gatewayClassParametersSpec };

export type GatewayClassParametersSpec = Static<typeof spec>;
