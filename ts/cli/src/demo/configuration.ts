/** The demo's routing document. Pure. */

/** Keys of the demo's services. */
export const services = {
  blue: "demo/blue:80",
  green: "demo/green:80",
  down: "demo/down:80",
} as const;

export interface Split {
  readonly blue: number;
  readonly green: number;
}

/** Ports of the origins on 127.0.0.1. */
export interface Ports {
  readonly blue: number;
  readonly green: number;
}

const blue = [{ service: services.blue }];
const green = [{ service: services.green }];

const pathPrefix = (value: string): object => ({ path: { type: "PathPrefix", value } });

const shopRules = (): object[] => [
  { name: "cart", matches: [pathPrefix("/cart")], backends: blue },
  { name: "cart-changes", matches: [{ ...pathPrefix("/cart"), method: "POST" }], backends: green },
  {
    name: "checkout",
    matches: [{ path: { type: "Exact", value: "/cart/checkout" } }],
    backends: green,
  },
  {
    name: "item",
    matches: [{ path: { type: "RegularExpression", value: "/items/[0-9]+" } }],
    backends: green,
  },
  {
    name: "beta",
    matches: [{ ...pathPrefix("/"), headers: [{ name: "x-beta", value: "yes" }] }],
    backends: green,
  },
  {
    name: "preview",
    matches: [{ ...pathPrefix("/"), queryParams: [{ name: "preview", value: "1" }] }],
    backends: green,
  },
  {
    name: "api",
    matches: [pathPrefix("/api")],
    filters: [
      {
        type: "URLRewrite",
        urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/v1" } },
      },
      {
        type: "RequestHeaderModifier",
        requestHeaderModifier: { set: [{ name: "x-from", value: "ghost" }], remove: ["x-secret"] },
      },
    ],
    backends: blue,
  },
  {
    name: "old",
    matches: [{ path: { type: "Exact", value: "/old" } }],
    filters: [
      redirect({ statusCode: 301, path: { type: "ReplaceFullPath", replaceFullPath: "/cart" } }),
    ],
  },
  {
    name: "moved",
    matches: [pathPrefix("/moved")],
    filters: [
      redirect({
        statusCode: 308,
        scheme: "https",
        hostname: "new.example",
        path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/here" },
      }),
    ],
  },
  { name: "down", matches: [pathPrefix("/down")], backends: [{ service: services.down }] },
  { name: "shop", backends: blue },
];

function redirect(requestRedirect: object): object {
  return { type: "RequestRedirect", requestRedirect };
}

/** The document as text, laid out for people to edit. */
export function demoDocument(ports: Ports, split: Split): string {
  const document = {
    version: 1,
    routes: [
      {
        name: "demo/split",
        hostnames: ["split.example"],
        rules: [
          {
            name: "split",
            backends: [
              { service: services.blue, weight: split.blue },
              { service: services.green, weight: split.green },
            ],
          },
        ],
      },
      { name: "demo/shop", hostnames: ["shop.example"], rules: shopRules() },
      {
        name: "demo/tenants",
        hostnames: ["*.shop.example"],
        rules: [{ name: "tenant", backends: green }],
      },
    ],
    services: {
      [services.blue]: endpoints(ports.blue),
      [services.green]: endpoints(ports.green),
      [services.down]: { endpoints: [] },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function endpoints(port: number): object {
  return { endpoints: [{ address: "127.0.0.1", port }] };
}

/** The services that a split lets through. */
export function allowedBy(split: Split): string[] {
  return [...(split.blue > 0 ? [services.blue] : []), ...(split.green > 0 ? [services.green] : [])];
}

/** The document with a mistake as people make them: a service's key is mistyped. */
export function withMistake(document: string): string {
  return document.replace(`"service": "${services.green}"`, '"service": "demo/gren:80"');
}
