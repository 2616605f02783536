/** One probe of one endpoint. */

import { request } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { LivePlan } from "@ghost-gateway/core";
import { healthRequest, readServingStatus } from "./grpc.js";

export type PlannedCheck = LivePlan["checks"][number];
export type PlannedEndpoint = PlannedCheck["endpoints"][number];

type Asked = Omit<PlannedCheck, "endpoints">;

const userAgent = "ghost-chaperone health check";
/** Bytes of an answer that are read; an answer of gRPC's health protocol has seven. */
const mostBytes = 1024;

/** Whether probes of this service can be made: the engines speak no TLS to endpoints, so no request gets to such a service. */
export function canProbe({ protocol, check }: Asked): boolean {
  return check.type === "tcp" || (protocol !== "tls" && protocol !== "http2");
}

/** Asks once. Gives why the endpoint does not count as alive; undefined where it does. Never rejects. */
export async function probe(
  asked: Asked,
  endpoint: PlannedEndpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { timeout } = asked.check;
  const late = AbortSignal.timeout(timeout);
  try {
    return await ask(asked, endpoint, AbortSignal.any([late, signal]));
  } catch (error) {
    if (late.aborted) return `no answer within ${timeout} ms`;
    return error instanceof Error ? error.message : String(error);
  }
}

function ask(
  asked: Asked,
  endpoint: PlannedEndpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { protocol, check } = asked;
  if (check.type === "tcp") return askTcp(endpoint, signal);
  if (check.type === "grpc") return askGrpc(asked, endpoint, signal);
  return protocol === "h2c" || protocol === "grpc"
    ? askHttp2(asked, endpoint, signal)
    : askHttp1(asked, endpoint, signal);
}

function dial({ address, port }: PlannedEndpoint): Socket {
  return port === null ? connect(address) : connect({ host: address, port });
}

function askTcp(endpoint: PlannedEndpoint, signal: AbortSignal): Promise<undefined> {
  const socket = dial(endpoint);
  return settled(
    signal,
    () => socket.destroy(),
    (resolve, reject) => {
      socket.once("connect", () => resolve(undefined));
      socket.once("error", reject);
    },
  );
}

function askHttp1(
  { check }: Asked,
  endpoint: PlannedEndpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { address, port } = endpoint;
  const place = port === null ? { socketPath: address } : { host: address, port };
  const sent = request({
    ...place,
    path: check.path,
    agent: false,
    headers: { host: hostOf(check, endpoint), "user-agent": userAgent, connection: "close" },
  });
  return settled(
    signal,
    () => sent.destroy(),
    (resolve, reject) => {
      sent.once("response", ({ statusCode }) => resolve(judge(statusCode, check.statuses)));
      sent.on("error", reject);
      sent.end();
    },
  );
}

function askHttp2(
  { check }: Asked,
  endpoint: PlannedEndpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  const session = openSession(endpoint);
  return settled(
    signal,
    () => session.destroy(),
    (resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":path": check.path,
        ":authority": hostOf(check, endpoint),
        "user-agent": userAgent,
      });
      stream.on("error", reject);
      stream.once("response", (headers) => resolve(judge(headers[":status"], check.statuses)));
      stream.once("close", () => reject(new Error("the stream was closed without an answer")));
    },
  );
}

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md: one unary call of Check. */
function askGrpc(
  { check }: Asked,
  endpoint: PlannedEndpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  const session = openSession(endpoint);
  return settled(
    signal,
    () => session.destroy(),
    (resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": "/grpc.health.v1.Health/Check",
        ":authority": hostOf(check, endpoint),
        "content-type": "application/grpc",
        te: "trailers",
        "user-agent": userAgent,
      });
      let body = Buffer.alloc(0);
      let status: unknown;
      const take = (headers: IncomingHttpHeaders): void => {
        status = headers["grpc-status"] ?? status;
      };
      stream.on("error", reject);
      stream.on("response", take);
      stream.on("trailers", take);
      stream.on("data", (piece: Buffer) => {
        body = Buffer.concat([body, piece]);
        if (body.length > mostBytes) stream.close(constants.NGHTTP2_CANCEL);
      });
      stream.once("close", () =>
        resolve(status === "0" ? readServingStatus(body) : `grpc-status ${String(status)}`),
      );
      stream.end(healthRequest(check.grpcService));
    },
  );
}

function openSession(endpoint: PlannedEndpoint): ClientHttp2Session {
  return connectHttp2("http://localhost", { createConnection: () => dial(endpoint) });
}

/** Settles once and cleans up, whichever comes first: an answer, an error or the signal. */
async function settled<T>(
  signal: AbortSignal,
  end: () => void,
  begin: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void,
): Promise<T> {
  let stop = (): void => undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop, { once: true });
      begin(resolve, reject);
    });
  } finally {
    signal.removeEventListener("abort", stop);
    end();
  }
}

function hostOf({ host }: Asked["check"], { endpoint, port }: PlannedEndpoint): string {
  return host ?? (port === null ? "localhost" : endpoint);
}

function judge(
  status: number | undefined,
  statuses: Asked["check"]["statuses"],
): string | undefined {
  const isAlive = statuses.some(([low, high]) => low <= Number(status) && Number(status) <= high);
  return isAlive ? undefined : `status ${String(status)}`;
}
