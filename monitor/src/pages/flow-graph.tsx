import type { Flow, Run, StateAt } from "../queries/index.ts";
import { duration, shortName } from "./format.ts";
import { layOut, nodeHeight, nodeWidth, type Point } from "./graph-layout.ts";
import type { Html, PageContext } from "./page.ts";
import { lookOf, runPath } from "./parts.tsx";

export interface GraphProps {
  readonly page: PageContext;
  readonly flow: Flow;
  readonly states: ReadonlyMap<string, StateAt>;
  /** The task that somebody came from. */
  readonly here: string;
  /** The moment that is shown; epoch milliseconds. */
  readonly at: number;
}

/** Who called, linked or chained whom. */
export function FlowGraph({ page, flow, states, here, at }: GraphProps): Html {
  const ids = new Set(flow.runs.map(({ id }) => id));
  const edges = flow.runs.flatMap(({ id, parentId }) =>
    parentId !== null && parentId !== id && ids.has(parentId) ? [{ from: parentId, to: id }] : [],
  );
  const { places, lines, width, height } = layOut({ nodes: [...ids], edges });
  const of = (id: string): StateAt => states.get(id) ?? { state: "PENDING", retries: 0, isLater: true };
  return (
    <div class="graph" tabindex={0} role="group" aria-label="Graph of the flow; the table below says the same">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        {lines.map(({ to, points }) => (
          <g class={of(to).isLater ? "node later" : "node"}>
            <path d={pathOf(points)} />
            <path class="arrow" d={arrowOf(points)} />
          </g>
        ))}
        {flow.runs.map((run) => {
          const { x = 0, y = 0 } = places.get(run.id) ?? {};
          const { state, retries, isLater } = of(run.id);
          const name = run.name === null ? run.id.slice(0, 8) : shortName(run.name);
          const service = run.host ?? run.queue ?? "";
          const words = isLater ? "not yet" : stateWords(run, state, retries, at);
          return (
            <a href={runPath(page, run.id)}>
              <g
                class={`node ${isLater ? "later" : lookOf(state)} ${run.id === here ? "here" : ""}`}
                transform={`translate(${x - nodeWidth / 2} ${y - nodeHeight / 2})`}
              >
                <title>{run.name ?? run.id}</title>
                <rect class="box" width={nodeWidth} height={nodeHeight} rx="8" />
                <rect class="mark" width="5" height={nodeHeight - 16} x="8" y="8" rx="2.5" />
                <text class="title" x="22" y="20">
                  {cut(name, 22)}
                </text>
                <text x="22" y="35">
                  {cut(words, 30)}
                </text>
                <text x="22" y="49">
                  {cut(service, 28)}
                </text>
              </g>
            </a>
          );
        })}
      </svg>
    </div>
  );
}

/** `attempt 2: started for 3.2 s`. */
export function stateWords(run: Run, state: string, retries: number, at: number): string {
  const word = `${retries > 0 ? `attempt ${retries + 1}: ` : ""}${state.toLowerCase()}`;
  if (state === "SUCCESS" || state === "FAILURE") return `${word}${run.runtime === null ? "" : ` in ${duration(run.runtime)}`}`;
  return state === "STARTED" && run.startedAt !== null && at >= run.startedAt
    ? `${word} for ${duration((at - run.startedAt) / 1000)}`
    : word;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

function pathOf(points: readonly Point[]): string {
  const [first, ...more] = points;
  if (first === undefined) return "";
  const last = more.at(-1) ?? first;
  const [a, b] = [round(first), round(last)];
  if (more.length <= 2) {
    const middle = ((first.x + last.x) / 2).toFixed(1);
    return `M${a}C${middle} ${first.y.toFixed(1)} ${middle} ${last.y.toFixed(1)} ${b}`;
  }
  return `M${a}${more.map((point) => `L${round(point)}`).join("")}`;
}

function arrowOf(points: readonly Point[]): string {
  const tip = points.at(-1);
  return tip === undefined ? "" : `M${round(tip)}l-8 -4.5v9z`;
}

function round({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
