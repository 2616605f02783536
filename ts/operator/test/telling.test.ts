/** When a Gateway is called Programmed. */

import { expect, test } from "vitest";
import type { GatewayStatus, Infrastructure } from "@ghost-gateway/gateway-api";
import { resources } from "@ghost-gateway/kubernetes";
import type { KubernetesObject, ResourceName } from "@ghost-gateway/kubernetes";
import { DataPlaneTeller } from "../src/reconcile/telling.js";
import { ObjectStore } from "../src/store/object-store.js";

const key = "a/g";
const names: readonly ResourceName[] = ["gateways", "listenerSets", "services", "pods"];

function clusterOf(): {
  readonly put: (resource: ResourceName, object: object) => void;
  readonly deliver: (generation: number) => void;
  readonly programmed: () => string;
} {
  const store = new ObjectStore(names);
  const generations = new Map<string, number>();
  const teller = new DataPlaneTeller(store, generations, new Map<string, Infrastructure>());
  const accepted = { type: "Accepted", status: "True", reason: "Accepted", message: "" } as const;
  const status: GatewayStatus = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    namespace: "a",
    name: "g",
    status: { conditions: [accepted], listeners: [], attachedListenerSets: 0 },
  };
  return {
    put: (resource, object) => {
      const { kind } = resources[resource];
      store.take(resource, { type: "stored", object: { kind, ...object } as KubernetesObject });
    },
    deliver: (generation) => generations.set(key, generation),
    programmed: () => {
      const [told] = teller.told([status]);
      const conditions = told?.kind === "Gateway" ? told.status.conditions : [];
      const { status: is, reason } = conditions.find(({ type }) => type === "Programmed") ?? {};
      return is === "True" ? "True" : `${reason}`;
    },
  };
}

const gateway = (generation: number): object => ({
  metadata: { namespace: "a", name: "g", uid: "u", generation },
});
const pod = (acknowledged: number, isReady = true): object => ({
  metadata: {
    namespace: "a",
    name: "p",
    labels: { "ghost-gateway.io/gateway-uid": "u" },
    annotations: { "ghost-gateway.io/acknowledged-generation": String(acknowledged) },
  },
  status: { conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
});
const service = {
  metadata: { namespace: "a", name: "g-ghost" },
  status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } },
};

test("not before it has an address, documents, and a Pod that is ready and serves them", () => {
  const { put, deliver, programmed } = clusterOf();
  put("gateways", gateway(1));
  expect(programmed()).toBe("AddressNotAssigned");
  put("services", service);
  expect(programmed()).toBe("Pending");
  deliver(1);
  expect(programmed()).toBe("Pending");
  put("pods", pod(1, false));
  expect(programmed()).toBe("Pending");
  put("pods", pod(1));
  expect(programmed()).toBe("True");
});

test("routes that change later take nothing back; a change of its own waits for its generation", () => {
  const { put, deliver, programmed } = clusterOf();
  put("gateways", gateway(1));
  put("services", service);
  deliver(1);
  put("pods", pod(1));
  expect(programmed()).toBe("True");
  deliver(2);
  expect(programmed()).toBe("True");
  put("gateways", gateway(2));
  deliver(3);
  expect(programmed()).toBe("Pending");
  put("pods", pod(3));
  expect(programmed()).toBe("True");
});
