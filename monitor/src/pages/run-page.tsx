import type { OneRun, RunDetails, RunEvent } from "../queries/index.ts";
import { count, duration } from "./format.ts";
import { Layout, type LayoutProps } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { ActButton, Progress, RunLink, State, TaskLink, Time } from "./parts.tsx";
import { RunTable } from "./search-page.tsx";

export interface RunProps extends OneRun {
  readonly page: PageContext;
  readonly notice?: LayoutProps["notice"];
}

const isOpen = (state: string): boolean => ["PENDING", "RECEIVED", "STARTED", "RETRY"].includes(state);

/** All that is known of one task. */
export function RunPage({ page, notice, run, events, children }: RunProps): Html {
  return (
    <Layout page={page} title={run.name ?? run.id} section="/search" notice={notice}>
      <div class="titled">
        <h1>
          <TaskLink page={page} name={run.name} />
        </h1>
        <code>{run.id}</code>
      </div>
      <div class="stack">
        <section class="panel" id="facts" data-live aria-label="Facts">
          <Facts page={page} run={run} />
        </section>
        <div class="buttons">
          <a class="button" href={`${page.base}/flows/${encodeURIComponent(run.id)}`}>
            Whole flow
          </a>
          {isOpen(run.state) && (
            <>
              <ActButton page={page} path={`/runs/${encodeURIComponent(run.id)}/revoke`} look="danger">
                Revoke
              </ActButton>
              {run.state === "STARTED" && (
                <ActButton
                  page={page}
                  path={`/runs/${encodeURIComponent(run.id)}/revoke`}
                  fields={{ terminate: "yes" }}
                  look="danger"
                >
                  Revoke and stop it
                </ActButton>
              )}
            </>
          )}
        </div>
        <section class="panel" id="outcome" data-live aria-labelledby="outcome-title">
          <h2 id="outcome-title">{run.exception === null ? "Arguments and result" : "Error"}</h2>
          <Outcome run={run} />
        </section>
        <section class="panel" id="history" data-live aria-labelledby="history-title">
          <h2 id="history-title">
            History<small>UTC, by the clocks of those who say it</small>
          </h2>
          <History page={page} events={events} />
        </section>
        <section class="panel" id="children" data-live aria-labelledby="children-title">
          <h2 id="children-title">What came of it</h2>
          <RunTable page={page} runs={children} label="Tasks that this one sent, linked or chained" />
        </section>
      </div>
    </Layout>
  );
}

function Facts({ page, run }: { readonly page: PageContext; readonly run: RunDetails }): Html {
  const waited = run.startedAt === null ? undefined : Math.max(0, run.startedAt - run.firstAt) / 1000;
  const facts: readonly (readonly [string, Html | string | undefined])[] = [
    ["State", <State state={run.state} />],
    ["Attempt", String(run.retries + 1)],
    ["Queue", run.queue ?? undefined],
    ["Worker", run.host ?? undefined],
    ["Sent", moment(page, run.sentAt)],
    ["Received", moment(page, run.receivedAt)],
    ["Started", moment(page, run.startedAt)],
    ["Ended", moment(page, run.endedAt)],
    ["Not before", moment(page, run.eta)],
    ["Expires", moment(page, run.expires)],
    ["Waited", waited === undefined || run.retries > 0 ? undefined : duration(waited)],
    ["Ran", run.runtime === null ? undefined : duration(run.runtime)],
    ["Progress", run.progress === null ? undefined : <Progress value={run.progress} label="Progress" />],
    ["Called, linked or chained by", run.parentId === null ? undefined : <RunLink page={page} id={run.parentId} />],
    ["Began with", run.rootId === null || run.rootId === run.id ? undefined : <RunLink page={page} id={run.rootId} />],
    ["Body", run.size === null ? undefined : `${count(run.size)} bytes`],
    ["Contract", run.contract ?? undefined],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === undefined ? undefined : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function moment(page: PageContext, at: number | null): Html | undefined {
  return at === null ? undefined : <Time at={at} now={page.now} />;
}

function Outcome({ run }: { readonly run: RunDetails }): Html {
  return (
    <div class="stack">
      {run.exception !== null && <p class="error">{run.exception}</p>}
      {run.traceback !== null && <pre tabindex={0}>{run.traceback}</pre>}
      <dl class="facts">
        <div>
          <dt>Positional arguments</dt>
          <dd>{run.args === null ? <span class="none">not sent with the events</span> : <code>{run.args}</code>}</dd>
        </div>
        {run.kwargs !== null && run.kwargs !== "{}" && (
          <div>
            <dt>Keyword arguments</dt>
            <dd>
              <code>{run.kwargs}</code>
            </dd>
          </div>
        )}
        {run.result !== null && (
          <div>
            <dt>Result</dt>
            <dd>
              <code>{run.result}</code>
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function History({ page, events }: { readonly page: PageContext; readonly events: readonly RunEvent[] }): Html {
  if (events.length === 0) return <p class="none">Its details are gone; what the counters know of them stays.</p>;
  return (
    <ol class="history">
      {events.map(({ type, at, host, retries, exception, traceback, progress }) => (
        <li>
          <Time at={at} now={page.now} />
          <strong>{type.replace("task-", "")}</strong>
          <span>
            <span class="dim">
              {host}
              {retries !== null && retries > 0 && `, attempt ${retries + 1}`}
            </span>{" "}
            {progress !== null && <Progress value={progress} label="Progress" />}
            {exception !== null && <span class="error">{exception}</span>}
          </span>
          {type === "task-retried" && traceback !== null && <pre tabindex={0}>{traceback}</pre>}
        </li>
      ))}
    </ol>
  );
}
