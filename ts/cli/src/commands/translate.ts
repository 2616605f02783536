/** `ghostctl translate`: what a configuration becomes on its way to the engine. */

import type { Run } from "../command.js";
import { exitCode, usageFailure } from "../exit.js";
import { loadFor, readFor } from "../loaded.js";
import type { Loaded } from "../loaded.js";
import { compareMatches } from "../precedence.js";
import { columns } from "../render/columns.js";
import { renderData } from "../render/data.js";
import { printableLine } from "../render/printable.js";
import { describeMatch, routingDocument } from "../routing-document.js";
import type { Route, Rule } from "../routing-document.js";
import type { AskedOptions } from "../loaded.js";

type Target = "ir" | "routes" | "ghost" | "vcl" | "status";

interface Options extends AskedOptions {
  readonly to: Target;
  readonly vcl?: string;
  readonly output: "text" | "json" | "yaml";
}

export const translate: Run<Options> = async (_words, options, io) => {
  const { to, output } = options;
  if (to === "status") {
    const statuses = await statusesOf(options);
    io.out.write(renderData(statuses, output === "json" ? "json" : "yaml"));
    return exitCode.fine;
  }
  if (to === "vcl") {
    const { mainVcl } = await import("@ghost-gateway/chaperone/configuration");
    const user = options.vcl === undefined ? {} : { user: options.vcl };
    io.out.write(mainVcl({ routes: "/etc/ghost/ghost.json", ghost: "ghost.vcl", ...user }));
    return exitCode.fine;
  }
  const loaded = await loadFor(options, io);
  io.out.write(written(loaded, to, output));
  return exitCode.fine;
};

function written(
  loaded: Loaded,
  to: Exclude<Target, "status" | "vcl">,
  output: Options["output"],
): string {
  switch (to) {
    case "ghost":
      // Byte for byte what the engine is given, but for its lines.
      return renderData(routingDocument(loaded), output === "yaml" ? "yaml" : "json");
    case "ir":
      return renderData(intermediate(loaded), output === "yaml" ? "yaml" : "json");
    case "routes":
      break;
  }
  const rows = routeRows(loaded);
  if (output !== "text") return renderData(rows, output);
  const cells = rows.map(({ route, rule, host, match, target }) =>
    [route, rule, host, match, target].map(printableLine),
  );
  return `${columns(["route", "rule", "host", "match", "to"], cells).join("\n")}\n`;
}

/** The document with every default written out, and the matches of each rule in order of precedence. */
function intermediate(loaded: Loaded): unknown {
  const { listeners = [], routes = [], services = {}, version } = routingDocument(loaded);
  return {
    version,
    listeners,
    routes: routes.map((route) => ({
      ...route,
      kind: route.kind ?? "HTTPRoute",
      listeners: route.listeners ?? listeners.map(({ name }) => name),
      hostnames: route.hostnames?.length ? route.hostnames : ["*"],
      rules: (route.rules ?? []).map(wholeRule),
    })),
    services,
  };
}

function wholeRule(rule: Rule, index: number): unknown {
  const matches = rule.matches?.length ? rule.matches : [{}];
  return {
    ...rule,
    name: rule.name ?? String(index),
    matches: matches.toSorted(compareMatches).map((match) => ({
      ...match,
      path: { type: match.path?.type ?? "PathPrefix", value: match.path?.value ?? "/" },
      headers: match.headers ?? [],
      queryParams: match.queryParams ?? [],
    })),
    filters: rule.filters ?? [],
    backends: (rule.backends ?? []).map((backend) => ({ ...backend, weight: backend.weight ?? 1 })),
  };
}

interface RouteRow {
  readonly route: string;
  readonly rule: string;
  readonly host: string;
  readonly match: string;
  readonly target: string;
}

/** A row for each host of each match. */
function routeRows(loaded: Loaded): RouteRow[] {
  return (routingDocument(loaded).routes ?? []).flatMap((route: Route) =>
    (route.rules ?? []).flatMap((rule, index) => {
      const matches = rule.matches?.length ? rule.matches : [{}];
      const hosts = route.hostnames?.length ? route.hostnames : ["*"];
      const common = {
        route: route.name,
        rule: rule.name ?? String(index),
        target: targetOf(rule),
      };
      return hosts.flatMap((host) =>
        matches
          .toSorted(compareMatches)
          .map((match) => ({ ...common, host, match: describeMatch(match) })),
      );
    }),
  );
}

function targetOf({ backends = [], filters = [] }: Rule): string {
  const redirect = filters.find(({ type }) => type === "RequestRedirect");
  if (redirect !== undefined) return `redirect ${redirect.requestRedirect?.statusCode ?? 302}`;
  if (backends.length === 1) return backends[0]?.service ?? "500 invalidBackend";
  return (
    backends.map(({ service, weight }) => `${service ?? "invalid"}=${weight ?? 1}`).join(" ") ||
    "500 noBackends"
  );
}

/** Conditions of Gateways and routes, as the operator would write them. */
async function statusesOf(options: Options): Promise<unknown> {
  const isDocument = options.filename === undefined && options.cluster !== true;
  if (isDocument) throw usageFailure("a routing document has no status; give manifests with -f");
  const { readObjects, translate: run } = await import("@ghost-gateway/gateway-api");
  const { texts } = await readFor(options);
  const files = [...texts].map(([name, bytes]) => ({
    name,
    text: Buffer.from(bytes).toString("utf8"),
  }));
  const { controller, gateway } = options;
  return run(readObjects(files).objects, {
    ...(controller === undefined ? {} : { controllerName: controller }),
    ...(gateway === undefined ? {} : { gateway }),
  }).statuses;
}
