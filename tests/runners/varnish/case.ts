// The shape of a case file, as far as this runner reads it.

export type HeaderList = [name: string, value: string | null][];

export type Listener = { name: string; port: number; protocol?: string };

export type Filter = { type: string; responseHeaderModifier?: { remove?: string[] } };

export type Rule = {
  name?: string;
  filters?: Filter[];
  backends?: { service?: string; filters?: Filter[] }[];
};

export type Endpoint = { address: string; port?: number };

/** What is read of a document, which may be broken on purpose. */
export type Config = {
  listeners?: Listener[];
  routes?: { name: string; kind?: string; rules?: Rule[] }[];
  services?: Record<string, { endpoints?: Partial<Endpoint>[] }>;
};

export type Expectation = Record<string, unknown> & {
  request?: { method?: string; host?: string; path?: string; query?: string; headers?: HeaderList };
  responseHeaders?: HeaderList;
};

export type Case = {
  name: string;
  request: { method: string; url: string; headers?: [string, string][] };
  listener?: string;
  draw?: number;
  clientAddress?: string;
  expect: Expectation;
  /** Bodies that refuse the request before Ghost sees it, with the status they give. */
  unless?: { varnish?: number; edge?: number };
};

export type CaseFile = { config: Config; cases: Case[] };
