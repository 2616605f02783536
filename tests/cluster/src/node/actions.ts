// What probes and lifecycle hooks do: ask over HTTP, TCP or gRPC, run a command, wait. Resolves when the answer is good.

import { connect as connectHttp2 } from "node:http2";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Action, ContainerSpec, HttpGet } from "../api/objects.ts";

export interface ActionTarget {
  readonly address: string;
  readonly container: ContainerSpec;
  readonly execute: (
    command: readonly string[],
    signal: AbortSignal,
  ) => Promise<{ code: number; output: string }>;
}

function portOf(container: ContainerSpec, port: number | string): number {
  if (typeof port === "number") return port;
  if (/^\d+$/.test(port)) return Number(port);
  const named = container.ports?.find(({ name }) => name === port);
  if (!named) throw new Error(`container "${container.name}" has no port named "${port}"`);
  return named.containerPort;
}

async function get(target: ActionTarget, action: HttpGet, signal: AbortSignal): Promise<void> {
  const isTls = action.scheme === "HTTPS";
  const options = {
    host: action.host ?? target.address,
    port: portOf(target.container, action.port),
    path: action.path ?? "/",
    agent: false as const,
    headers: {
      "user-agent": "kube-probe/1.36",
      ...Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value])),
    },
    signal,
  };
  const status = await new Promise<number>((resolve, reject) => {
    // A probe asks whether the server answers, not who it is: kubelet does not verify either.
    const begun = isTls
      ? httpsRequest({ ...options, rejectUnauthorized: false })
      : httpRequest(options);
    begun.on("error", reject);
    begun.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    begun.end();
  });
  if (status < 200 || status >= 400)
    throw new Error(`HTTP probe failed with statuscode: ${status}`);
}

async function dial(address: string, port: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: address, port });
    const abort = () => socket.destroy(new Error("timed out"));
    signal.addEventListener("abort", abort, { once: true });
    socket.on("connect", () => {
      socket.end();
      resolve();
    });
    socket.on("error", reject);
    socket.on("close", () => signal.removeEventListener("abort", abort));
  });
}

const serving = Buffer.from([0x08, 0x01]);

/** grpc.health.v1.Health/Check; a message is one string going out and one enumeration coming back. */
async function checkHealth(
  address: string,
  port: number,
  service: string,
  signal: AbortSignal,
): Promise<void> {
  const name = Buffer.from(service);
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
  const session = connectHttp2(`http://${address}:${port}`);
  try {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request(
        {
          ":method": "POST",
          ":path": "/grpc.health.v1.Health/Check",
          "content-type": "application/grpc",
          te: "trailers",
        },
        { signal },
      );
      const chunks: Buffer[] = [];
      stream.on("error", reject);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => resolve(Buffer.concat(chunks)));
      stream.end(frame);
    });
    if (!answer.subarray(5).equals(serving)) throw new Error("service is not SERVING");
  } finally {
    session.destroy();
  }
}

export async function perform(
  action: Action,
  target: ActionTarget,
  signal: AbortSignal,
): Promise<void> {
  const { exec, httpGet, tcpSocket, grpc } = action;
  if (exec) {
    const { code, output } = await target.execute(exec.command ?? [], signal);
    if (code !== 0)
      throw new Error(`command ended with exit ${code}: ${output.trim().slice(0, 500)}`);
  } else if (httpGet) {
    await get(target, httpGet, signal);
  } else if (tcpSocket) {
    await dial(tcpSocket.host ?? target.address, portOf(target.container, tcpSocket.port), signal);
  } else if (grpc) {
    await checkHealth(target.address, grpc.port, grpc.service ?? "", signal);
  } else if (action.sleep) {
    await sleep(action.sleep.seconds * 1000, undefined, { signal });
  }
}
