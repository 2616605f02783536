/**
 * The text of answers to values. Pure; every function throws an AdminError ("protocol") for text it does not understand,
 * so that a new engine's new wording is an error and never a wrong value.
 */

import { AdminError } from "./error.js";

/** A VCL the engine holds. */
export interface LoadedVcl {
  readonly name: string;
  readonly status: "active" | "available" | "discarded";
  readonly state: string;
  readonly temperature: string;
  /** Tasks that still use it. */
  readonly busy: number;
}

/** A backend or director as `backend.list` shows it. */
export interface ListedBackend {
  readonly name: string;
  readonly type: string;
  readonly adminHealth: string;
  /** Usable ones, all, and the state in a word. */
  readonly probe: readonly [number, number, string];
}

/** A socket the engine listens on. */
export interface ListenAddress {
  readonly name: string;
  /** IP address, or path of a Unix socket. */
  readonly address: string;
  /** Absent for a Unix socket. */
  readonly port?: number;
}

/** A ban that the engine keeps. */
export interface Ban {
  /** Seconds since 1970. */
  readonly time: number;
  /** Objects that still have to be held against it. */
  readonly references: number;
  /** Whether every object was. */
  readonly isCompleted: boolean;
  /** As it was given. */
  readonly conditions: string;
}

/** Where objects are stored. */
export interface Storage {
  readonly name: string;
  readonly type: string;
}

export interface Parameter {
  readonly name: string;
  readonly value: string | number | boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** `[version, [words], time, item...]`: what commands answer to `-j`. */
function readItems(text: string): unknown[] {
  const value = parse(text);
  if (!Array.isArray(value) || !Array.isArray(value[1])) throw misread("JSON of an answer", text);
  return value.slice(3);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw misread("JSON", text);
  }
}

function misread(what: string, text: string): AdminError {
  return new AdminError(
    "protocol",
    `The engine's answer is not the ${what} that was expected: ${JSON.stringify(text.slice(0, 200))}`,
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `vcl.list -j`. */
export function readVclList(text: string): LoadedVcl[] {
  return readItems(text).map((item) => {
    if (!isFields(item)) throw misread("list of VCLs", text);
    const { name, status, state, temperature, busy } = item;
    if (typeof name !== "string" || !isVclStatus(status)) throw misread("list of VCLs", text);
    return {
      name,
      status,
      state: String(state),
      temperature: String(temperature),
      busy: Number(busy),
    };
  });
}

function isVclStatus(status: unknown): status is LoadedVcl["status"] {
  return status === "active" || status === "available" || status === "discarded";
}

/** `backend.list -j`. */
export function readBackendList(text: string): ListedBackend[] {
  const [listed] = readItems(text);
  if (!isFields(listed)) throw misread("list of backends", text);
  return Object.entries(listed).map(([name, fields]) => {
    if (!isFields(fields)) throw misread("list of backends", text);
    const { type, admin_health: adminHealth, probe_message: probe } = fields;
    if (!Array.isArray(probe)) throw misread("list of backends", text);
    return {
      name,
      type: String(type),
      adminHealth: String(adminHealth),
      probe: [Number(probe[0]), Number(probe[1]), String(probe[2])],
    };
  });
}

/** `param.show -j NAME`: the value, a number or text. */
export function readParameter(text: string): string | number {
  const [item] = readItems(text);
  const value = isFields(item) ? item["value"] : undefined;
  if (typeof value !== "string" && typeof value !== "number") throw misread("parameter", text);
  return value;
}

/** `param.show -j`. What an engine was built without has no value and is left out. */
export function readParameters(text: string): Parameter[] {
  return readItems(text).flatMap((item) => {
    if (!isFields(item) || typeof item["name"] !== "string")
      throw misread("list of parameters", text);
    const { name, value } = item;
    const isValue =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isValue ? [{ name, value }] : [];
  });
}

/** `ban.list -j`. */
export function readBanList(text: string): Ban[] {
  return readItems(text).map((item) => {
    if (!isFields(item)) throw misread("list of bans", text);
    const { time, refs, completed, spec } = item;
    if (typeof time !== "number" || typeof spec !== "string") throw misread("list of bans", text);
    return { time, references: Number(refs), isCompleted: completed === true, conditions: spec };
  });
}

/** `storage.list -j`. */
export function readStorageList(text: string): Storage[] {
  return readItems(text).map((item) => {
    if (!isFields(item) || typeof item["name"] !== "string") throw misread("list of storage", text);
    return { name: item["name"], type: String(item["storage"]) };
  });
}

/** `banner`: the line that names the engine and its version. */
export function readVersion(text: string): string {
  const version = /^((?:varnish|vinyl)[\w-]*-[\w.-]+)/m.exec(text)?.[1];
  if (version === undefined) throw misread("version", text);
  return version;
}

/** `help -j`: names of the commands. */
export function readCommandNames(text: string): string[] {
  return readItems(text).map((item) => {
    if (!isFields(item) || typeof item["request"] !== "string")
      throw misread("list of commands", text);
    return item["request"];
  });
}

/** `status`: the state of the child process, such as `running` or `stopped`. */
export function readChildState(text: string): string {
  const match = /^Child in state (\w+)/.exec(text);
  if (match?.[1] === undefined) throw misread("state of the child", text);
  return match[1];
}

/** `debug.listen_address`: a line of name, address and port for each socket; the port of a Unix socket is `-`. */
export function readListenAddresses(text: string): ListenAddress[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const match = /^(\S+) (.+) (\d+|-)$/.exec(line);
    if (match === null) throw misread("list of sockets", text);
    const [, name = "", address = "", port] = match;
    return port === "-" ? { name, address } : { name, address, port: Number(port) };
  });
}
