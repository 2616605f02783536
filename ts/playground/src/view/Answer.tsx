/** Where the request goes, and why. */

import type { Candidate, Decision, Explanation } from "@ghost-gateway/core/browser";
import { answer } from "../state.js";
import { goTo } from "./Editor.js";

export function Answer() {
  const { value } = answer;
  if (value.kind === "none")
    return (
      <p class="answer none" data-test="answer">
        {value.why}
      </p>
    );
  return (
    <>
      <Verdict decision={value.explanation.decision} />
      <Walk explanation={value.explanation} />
    </>
  );
}

function Verdict({ decision }: { readonly decision: Decision }) {
  return (
    <div class={`answer ${decision.action}`} data-test="answer">
      <p class="verdict">{verdictOf(decision)}</p>
      <dl>
        {factsOf(decision).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </div>
  );
}

function verdictOf({ action, service, endpoint, status, location, why }: Decision): string {
  if (action === "forward") return `${service} at ${endpoint}`;
  return action === "redirect" ? `${status} to ${location}` : `${status} ${why}`;
}

function factsOf(decision: Decision): (readonly [string, string])[] {
  const { action, route, rule, match, why, listener, request, responseHeaders, id } = decision;
  const target = request.query === "" ? request.path : `${request.path}?${request.query}`;
  return [
    ...(route === null ? [] : [["route", `${route}, rule ${rule}, match ${match}`] as const]),
    ...(action === "answer" ? [] : [["why", why] as const]),
    ...(listener === null ? [] : [["listener", listener] as const]),
    ...(action === "forward"
      ? [["request", `${request.method} ${target}`] as const, ["host", request.host] as const]
      : []),
    ...(action === "forward" ? request.headers : []).map(
      ([name, value]) => ["header", `${name}: ${value}`] as const,
    ),
    ...responseHeaders.map(
      ([name, value]) =>
        ["response", value === null ? `${name} removed` : `${name}: ${value}`] as const,
    ),
    ["decision", id],
  ];
}

function Walk({ explanation }: { readonly explanation: Explanation }) {
  const { candidates, otherHosts, unlisted } = explanation;
  return (
    <section class="walk" aria-label="Why">
      <h2>Every match that stood for it, best first</h2>
      <ol data-test="walk">
        {candidates.map((candidate, index) => (
          <Step key={index} candidate={candidate} />
        ))}
      </ol>
      <p class="others">
        {unlisted > 0 && `${unlisted} more are not listed. `}
        {otherHosts > 0 && `${otherHosts} matches belong to other hosts.`}
      </p>
    </section>
  );
}

function Step({ candidate }: { readonly candidate: Candidate }) {
  const { host, path, route, rule, match, stage, reason, source } = candidate;
  const [, line, column] = /:(\d+):(\d+)$/.exec(source) ?? [];
  return (
    <li class={stage === "won" ? "won" : "lost"}>
      <span class="stage">{stage}</span>
      <code>{host}</code> {path}
      <button
        type="button"
        onClick={() => goTo(Number(line), Number(column))}
        disabled={line === undefined}
      >
        {route} / {rule} / {match}
      </button>
      {stage !== "won" && <span class="reason">{reason}</span>}
    </li>
  );
}
