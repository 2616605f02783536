/** Rules and the services they lead to; the path of the request is drawn bold. */

import { answer, compiled } from "../state.js";
import { layOut } from "./layout.js";

export function Graph() {
  const { table } = compiled.value;
  if (table === null) return null;
  const { value } = answer;
  const decision = value.kind === "explained" ? value.explanation.decision : undefined;
  const graph = layOut(table.listing().rules, decision);
  return (
    <section class="graph" aria-label="Route graph">
      <h2>Rules and services</h2>
      <svg
        viewBox={`0 0 ${graph.width} ${graph.height}`}
        style={{ maxWidth: `${graph.width}px` }}
        role="img"
        aria-label={`${graph.edges.length} ways from rules to services`}
        data-test="graph"
      >
        {graph.edges.map(({ path, isTaken }) => (
          <path key={path} d={path} class={isTaken ? "edge taken" : "edge"} />
        ))}
        {graph.nodes.map(({ x, y, width, label, full, kind, isTaken }) => (
          <g key={`${kind} ${full}`} class={`node ${kind}${isTaken ? " taken" : ""}`}>
            <title>{full}</title>
            <rect x={x} y={y} width={width} height={22} rx={5} />
            <text x={x + 8} y={y + 15}>
              {label}
            </text>
          </g>
        ))}
      </svg>
      {graph.hidden > 0 && <p class="others">{graph.hidden} more rules are not drawn.</p>}
    </section>
  );
}
