// Translation of 10,000 HTTPRoutes (two rules each) with 2,000 Services, in one process, without a cluster:
// all at one go, in steps that let others run, and again after one route has changed. Beside it JSON.parse of the
// same objects, as a measure of the machine.
//
//   node tests/bench/translate.mjs [routes] [services]

import { setImmediate } from "node:timers/promises";
import { createTranslator } from "@ghost-gateway/gateway-api";

const [routeCount, serviceCount] = [process.argv[2] ?? 10_000, process.argv[3] ?? 2_000].map(
  Number,
);
const group = "gateway.networking.k8s.io/v1";
/** A pause that lets others run once a step has taken this long, in milliseconds. */
const stepBudget = 5;

function metadata(name, resourceVersion = "1", generation = 1) {
  return {
    name,
    namespace: "shop",
    resourceVersion,
    generation,
    uid: `uid-${name}`,
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: { app: name },
    managedFields: [
      { manager: "kubectl", operation: "Update", apiVersion: group, fieldsType: "FieldsV1" },
    ],
  };
}

function backend(index) {
  return {
    group: "",
    kind: "Service",
    name: `service-${index % serviceCount}`,
    port: 80,
    weight: 1,
  };
}

function route(index, resourceVersion, path = "/api") {
  return {
    apiVersion: group,
    kind: "HTTPRoute",
    metadata: metadata(`route-${index}`, resourceVersion, Number(resourceVersion)),
    spec: {
      parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" }],
      hostnames: [`host-${index}.example.com`],
      rules: [
        {
          matches: [
            {
              path: { type: "PathPrefix", value: path },
              method: "GET",
              headers: [{ type: "Exact", name: "x-version", value: "1" }],
            },
          ],
          filters: [
            {
              type: "RequestHeaderModifier",
              requestHeaderModifier: { set: [{ name: "x-from", value: "ghost" }] },
            },
          ],
          backendRefs: [backend(index)],
        },
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [backend(index + 1), backend(index + 2)],
        },
      ],
    },
    status: { parents: [] },
  };
}

function service(index) {
  const name = `service-${index}`;
  const labels = { "kubernetes.io/service-name": name };
  const endpoint = (host) => ({
    addresses: [`10.${index >> 8}.${index & 255}.${host}`],
    conditions: { ready: true },
    zone: "a",
  });
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata(name),
      spec: { ports: [{ name: "http", port: 80, targetPort: 3000, protocol: "TCP" }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata(`${name}-1`), labels },
      addressType: "IPv4",
      ports: [{ name: "http", port: 3000, protocol: "TCP" }],
      endpoints: [endpoint(1), endpoint(2), endpoint(3)],
    },
  ];
}

/** JSON of all objects. Piece by piece, so that the objects it is made of are not held. */
function text() {
  const gateway = {
    apiVersion: group,
    kind: "Gateway",
    metadata: metadata("web"),
    spec: { gatewayClassName: "ghost", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  };
  const pieces = [JSON.stringify(gateway)];
  for (let index = 0; index < routeCount; index += 1)
    pieces.push(JSON.stringify(route(index, "1")));
  for (let index = 0; index < serviceCount; index += 1)
    pieces.push(...service(index).map((object) => JSON.stringify(object)));
  return `[${pieces.join(",")}]`;
}

/** Runs it; tells the time and what this thread computed in it, both in milliseconds. */
function timed(run) {
  const [began, before] = [performance.now(), process.threadCpuUsage()];
  const value = run();
  const { user, system } = process.threadCpuUsage(before);
  return { value, took: performance.now() - began, computed: (user + system) / 1000 };
}

/** Takes changes in with pauses; tells how long others had to wait at most. */
async function inSteps(translator, changes) {
  let began = performance.now();
  let longest = 0;
  const pause = () => {
    const took = performance.now() - began;
    longest = Math.max(longest, took);
    if (took < stepBudget) return undefined;
    return setImmediate().then(() => {
      began = performance.now();
    });
  };
  const start = performance.now();
  const value = await translator.updateInSteps(changes, pause);
  const end = performance.now();
  return { value, longest: Math.max(longest, end - began), took: end - start };
}

function median(numbers) {
  return numbers.toSorted((left, right) => left - right)[numbers.length >> 1];
}

const read = JSON.parse(text()).map((object) => ({ object }));

const translator = createTranslator();
const all = timed(() => translator.update({ changed: read }));
if (all.value.document.routes.length !== routeCount) throw new Error("routes were lost");
const memory = process.memoryUsage().rss / 2 ** 20;

const written = text();
const parsing = median([1, 2, 3].map(() => timed(() => JSON.parse(written)).took));

const changes = [];
for (let run = 2; run < 22; run += 1) {
  const before = translator.update({});
  const changed = { object: route(run * 7, String(run), `/run-${run}`) };
  const { value, took, computed } = timed(() => translator.update({ changed: [changed] }));
  const differing = value.document.routes.filter(
    (emitted, index) => emitted !== before.document.routes[index],
  );
  if (differing.length !== 1) throw new Error(`${differing.length} routes differ after one change`);
  changes.push({ took, computed });
}

const stepped = await inSteps(createTranslator(), { changed: read });
const line = (name, measured, reach) =>
  process.stdout.write(`${name.padEnd(64)}${measured.padStart(12)}  ${reach}\n`);
const milliseconds = (value) => `${value.toFixed(1)} ms`;
process.stdout.write(
  `${routeCount} HTTPRoutes of two rules, ${serviceCount} Services, Node ${process.version}\n`,
);
line("JSON.parse of the same objects (median of 3)", milliseconds(parsing), "");
line("all at one go", milliseconds(all.took), "<= 1500 ms");
line("  of which this thread computed", milliseconds(all.computed), "");
line("  over JSON.parse", `${(all.took / parsing).toFixed(1)}x`, "");
line("memory of the process after it, objects included", `${memory.toFixed(0)} MiB`, "<= 300 MB");
line(
  "one route changed (median of 20)",
  milliseconds(median(changes.map(({ took }) => took))),
  "<= 10 ms",
);
line(
  "  of which this thread computed",
  milliseconds(median(changes.map(({ computed }) => computed))),
  "",
);
line(
  "one route changed (worst of 20)",
  milliseconds(Math.max(...changes.map(({ took }) => took))),
  "",
);
line("all in steps", milliseconds(stepped.took), "");
line("  longest time without a pause", milliseconds(stepped.longest), "<= 25 ms");
