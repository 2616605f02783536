// What these tests use of ws, which brings no types.

declare module "ws" {
  import type { Server } from "node:http";

  export class WebSocket extends EventTarget {
    constructor(url: string);
    on(event: "message", listener: (data: Buffer) => void): this;
    once(event: string, listener: (...values: unknown[]) => void): this;
    send(data: string): void;
    terminate(): void;
  }

  export class WebSocketServer {
    constructor(options: { server: Server });
    on(event: "connection", listener: (socket: WebSocket) => void): this;
  }
}
