/** What the chaperone answers where: health, status, orders, metrics. */

import type { HistoryEntry } from "../apply/history.js";
import type { RollbackAnswer } from "../follow.js";
import type { Board } from "./board.js";
import { counterText } from "./counters.js";
import { jsonAnswer, textAnswer } from "./http.js";
import type { Endpoint } from "./http.js";
import type { StatsCollector } from "./varnishstat.js";

/** What can be ordered from outside. */
export interface Orders {
  readonly drain: () => void;
  readonly history: () => readonly HistoryEntry[];
  readonly rollback: (number: number | undefined) => Promise<RollbackAnswer>;
}

/** For whoever watches: `/healthz` says that this program runs, `/readyz` that traffic may come. */
export function healthEndpoints(board: Board): Endpoint[] {
  return [
    { method: "GET", path: "/healthz", answer: () => textAnswer("ok") },
    {
      method: "GET",
      path: "/readyz",
      answer: () =>
        board.isReady ? textAnswer("ready") : textAnswer(`not ready: ${board.status.state}`, 503),
    },
  ];
}

export function statusEndpoints(board: Board, orders: Orders): Endpoint[] {
  return [
    ...healthEndpoints(board),
    {
      method: "GET",
      path: "/status",
      access: "thisMachine",
      answer: () => jsonAnswer(board.status),
    },
    // For a container's pre-stop hook: a GET with the token would do harm when a browser repeats it.
    {
      method: "POST",
      path: "/drain",
      access: "order",
      answer: () => {
        orders.drain();
        return jsonAnswer({ ok: true }, 202);
      },
    },
  ];
}

/** Further ones, on the socket of the run folder alone. */
export function orderEndpoints(orders: Orders): Endpoint[] {
  return [
    {
      method: "GET",
      path: "/history",
      access: "order",
      answer: () => jsonAnswer(orders.history()),
    },
    {
      method: "POST",
      path: "/rollback",
      access: "order",
      answer: async (query) => {
        const given = query.get("number");
        const number = given === null ? undefined : Number(given);
        if (number !== undefined && !(Number.isSafeInteger(number) && number > 0))
          return jsonAnswer({ ok: false, message: "number is to be a whole number above 0" }, 400);
        const answer = await orders.rollback(number);
        return jsonAnswer(answer, answer.ok ? 200 : 409);
      },
    },
  ];
}

/** `/metrics`, and the same where the edge has it. */
export function metricsEndpoints(board: Board, stats: StatsCollector): Endpoint[] {
  return ["/metrics", "/api/v1/metrics"].map((path) => ({
    method: "GET",
    path,
    access: "thisMachine",
    answer: async () => {
      const [own, engine] = await Promise.all([board.metrics.text(), stats.all()]);
      return {
        status: 200,
        body: own + counterText(engine),
        type: "text/plain; version=0.0.4; charset=utf-8",
      };
    },
  }));
}
