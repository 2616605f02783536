// The shape of a case file, as far as this runner reads it.

export type HeaderList = [name: string, value: string | null][];

export type Listener = { name: string; port: number; protocol?: string };

export type Config = {
  listeners?: Listener[];
  services?: Record<string, { endpoints?: { address: string; port?: number }[] }>;
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
  unless?: { varnish?: number };
};

export type CaseFile = { config: Config; cases: Case[] };
