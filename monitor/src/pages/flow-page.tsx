import { maxRuns, type Flow, type Run, type StateAt } from "../queries/index.ts";
import { FlowGraph, stateWords } from "./flow-graph.tsx";
import { count, duration } from "./format.ts";
import { Layout, type LayoutProps } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { Table } from "./table.tsx";
import { ActButton, lookOf, RunLink, State, Time } from "./parts.tsx";

export interface FlowProps {
  readonly page: PageContext;
  readonly notice?: LayoutProps["notice"];
  readonly flow: Flow;
  readonly states: ReadonlyMap<string, StateAt>;
  readonly here: string;
  /** The moment to show; undefined for now. Epoch milliseconds. */
  readonly at: number | undefined;
}

/** One workflow: everything that began with one call. */
export function FlowPage({ page, notice, flow, states, here, at }: FlowProps): Html {
  const { runs } = flow;
  const root = runs.find(({ id }) => id === flow.rootId) ?? runs[0];
  const start = Math.floor(Math.min(...runs.map(({ firstAt }) => firstAt)));
  const isOver = runs.every(({ endedAt }) => endedAt !== null);
  const end = Math.ceil(isOver ? Math.max(...runs.map((run) => run.endedAt ?? run.firstAt)) : page.now);
  const shown = at ?? end;
  const open = runs.filter(({ endedAt }) => endedAt === null).length;
  return (
    <Layout page={page} title={`Flow of ${root?.name ?? flow.rootId}`} section="/search" notice={notice}>
      <div class="titled">
        <h1>Flow of {root?.name ?? "an unknown task"}</h1>
        <code>{flow.rootId}</code>
      </div>
      <section class="panel" aria-labelledby="graph-title">
        <div id="graph" data-live>
          <h2 id="graph-title">
            {count(runs.length)}
            {flow.isCut && "+"} {runs.length === 1 ? "task" : "tasks"} in {duration((end - start) / 1000)}
            {open > 0 && `, ${open} not ended`}
            <small>
              {at === undefined ? "now" : "at"} {at !== undefined && <Time at={at} now={page.now} />}
            </small>
          </h2>
          {flow.isCut && <p class="dim">There are more than {maxRuns} tasks; these are the first.</p>}
          <FlowGraph page={page} flow={flow} states={states} here={here} at={shown} />
        </div>
        <form class="moment" method="get">
          <label>
            Moment: from its beginning to {isOver ? "its end" : "now"}
            <input id="moment" type="range" name="at" min={start} max={end} value={String(Math.min(shown, end))} step="1" />
          </label>
          <button type="submit">Show</button>
        </form>
        <div class="buttons">
          {open > 0 && (
            <ActButton page={page} path={`/flows/${encodeURIComponent(flow.rootId)}/revoke`} look="danger">
              Revoke what hasn't ended
            </ActButton>
          )}
        </div>
      </section>
      <div class="grid">
        <section class="panel wide" id="lanes" data-live aria-labelledby="lanes-title">
          <h2 id="lanes-title">
            Times<small>grey: waiting; colour: running</small>
          </h2>
          <Lanes page={page} runs={runs} states={states} start={start} end={Math.max(end, start + 1)} shown={shown} />
        </section>
      </div>
    </Layout>
  );
}

interface LanesProps {
  readonly page: PageContext;
  readonly runs: readonly Run[];
  readonly states: ReadonlyMap<string, StateAt>;
  readonly start: number;
  readonly end: number;
  readonly shown: number;
}

function Lanes({ page, runs, states, start, end, shown }: LanesProps): Html {
  return (
    <Table
      label="Times of the tasks"
      none="None."
      look="bars"
      columns={["Task", "State", "After", "From the beginning to the end", "Came from"]}
      rows={runs.map((run) => {
        const { state, retries, isLater } = states.get(run.id) ?? { state: run.state, retries: run.retries, isLater: false };
        return [
          <>
            <RunLink page={page} id={run.id}>
              {run.name ?? run.id}
            </RunLink>
            {run.exception !== null && !isLater && state === "FAILURE" && <div class="error">{run.exception.slice(0, 120)}</div>}
          </>,
          isLater ? <span class="none">not yet</span> : <State state={state} />,
          <span class="nowrap">{duration((run.firstAt - start) / 1000)}</span>,
          <Lane
            run={run}
            look={lookOf(state)}
            start={start}
            end={end}
            shown={shown}
            words={stateWords(run, state, retries, shown)}
          />,
          run.parentId === null ? <span class="none">–</span> : <RunLink page={page} id={run.parentId} />,
        ];
      })}
    />
  );
}

function Lane(props: {
  readonly run: Run;
  readonly look: string;
  readonly start: number;
  readonly end: number;
  readonly shown: number;
  readonly words: string;
}): Html {
  const { run, look, start, end, shown, words } = props;
  const x = (time: number): number => ((Math.min(Math.max(time, start), end) - start) / (end - start)) * 300;
  const stop = Math.min(run.endedAt ?? shown, shown);
  const began = Math.min(run.startedAt ?? stop, stop);
  return (
    <svg class="lane" viewBox="0 0 300 16" preserveAspectRatio="none" role="img" aria-label={words}>
      {run.firstAt <= shown && (
        <rect class="wait" x={x(run.firstAt)} y="5" height="6" width={Math.max(0.5, x(began) - x(run.firstAt))} />
      )}
      {run.startedAt !== null && run.startedAt <= shown && (
        <rect class={look} x={x(began)} y="2" height="12" width={Math.max(1.5, x(stop) - x(began))} />
      )}
    </svg>
  );
}
