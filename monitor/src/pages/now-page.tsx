import type { LiveRun, LiveWorker } from "../live/index.ts";
import type { FailureGroup, Losses, MinuteCount, QueueFacts } from "../queries/index.ts";
import { BarsOverTime } from "./charts.tsx";
import { count, duration, rate, shortName } from "./format.ts";
import { Layout, type LayoutProps } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { Ago, Progress, RunLink, SearchLink, Seconds, State, TaskLink } from "./parts.tsx";
import { QueueTable, type BrokerQueues } from "./queue-table.tsx";
import { numbers, Table } from "./table.tsx";

/** What the database knows; undefined where it can't be asked. */
export interface KnownNow {
  readonly minutes: readonly MinuteCount[];
  readonly failures: readonly FailureGroup[];
  readonly queues: readonly QueueFacts[];
  readonly losses: Losses;
}

export interface NowProps {
  readonly page: PageContext;
  readonly notice?: LayoutProps["notice"];
  readonly workers: readonly LiveWorker[];
  /** The longest first, as many as are shown. */
  readonly running: readonly LiveRun[];
  readonly runningCount: number;
  /** Tasks per second of the last ten. */
  readonly endedPerSecond: number;
  readonly known: KnownNow | undefined;
  readonly broker: BrokerQueues;
}

export function NowPage(props: NowProps): Html {
  const { page, workers, running, runningCount, known } = props;
  return (
    <Layout page={page} title="Now" section="" notice={props.notice}>
      <h1 class="only-read">Now</h1>
      <div id="tiles" data-live>
        <Tiles {...props} />
      </div>
      <div class="grid">
        <section class="panel wide" id="throughput" data-live aria-labelledby="throughput-title">
          <h2 id="throughput-title">
            Tasks per minute<small>of the last hour, UTC</small>
          </h2>
          {known === undefined ? <NotKnown /> : <Throughput page={page} known={known} />}
        </section>
        <section class="panel wide" id="queues" data-live aria-labelledby="queues-title">
          <h2 id="queues-title">Queues</h2>
          {known === undefined ? <NotKnown /> : <QueueTable page={page} queues={known.queues} broker={props.broker} />}
        </section>
        <section class="panel" id="failures" data-live aria-labelledby="failures-title">
          <h2 id="failures-title">
            Failures<small>of the last hour, by task and error</small>
          </h2>
          {known === undefined ? <NotKnown /> : <Failures page={page} failures={known.failures} />}
        </section>
        <section class="panel" id="workers" data-live aria-labelledby="workers-title">
          <h2 id="workers-title">Workers</h2>
          <Workers page={page} workers={workers} />
        </section>
        <section class="panel wide" id="running" data-live aria-labelledby="running-title">
          <h2 id="running-title">
            Running
            {runningCount > running.length && (
              <small>
                the longest {running.length} of {count(runningCount)}
              </small>
            )}
          </h2>
          <Running page={page} running={running} />
        </section>
        <section class="panel wide" id="losses" data-live aria-labelledby="losses-title">
          <h2 id="losses-title">
            What wasn't heard<small>in the last day</small>
          </h2>
          {known === undefined ? <NotKnown /> : <LossList page={page} losses={known.losses} />}
        </section>
      </div>
    </Layout>
  );
}

function NotKnown(): Html {
  return <p class="none">The database can't be asked at the moment.</p>;
}

function Tiles({ page, workers, runningCount, endedPerSecond, known }: NowProps): Html {
  const online = workers.filter(({ state }) => state === "online").length;
  const silent = workers.filter(({ state }) => state === "silent").length;
  const failed = known?.failures.reduce((sum, each) => sum + each.count, 0);
  const waiting = known?.queues.reduce((sum, each) => sum + each.waiting, 0);
  const oldest = known?.queues.reduce<number | undefined>(
    (min, { oldestAt }) => (oldestAt === null ? min : Math.min(min ?? oldestAt, oldestAt)),
    undefined,
  );
  return (
    <ul class="tiles">
      <li>
        <strong>{online}</strong>
        <span>
          {online === 1 ? "worker" : "workers"} online{silent > 0 && `, ${silent} silent`}
        </span>
      </li>
      <li>
        <strong>{count(runningCount)}</strong>
        <span>running</span>
      </li>
      <li>
        <strong>{waiting === undefined ? "?" : count(waiting)}</strong>
        <span>waiting{oldest !== undefined && `, the oldest for ${duration((page.now - oldest) / 1000)}`}</span>
      </li>
      <li>
        <strong>{rate(endedPerSecond)}</strong>
        <span>ended per second</span>
      </li>
      <li class={failed !== undefined && failed > 0 ? "bad" : ""}>
        <strong>{failed === undefined ? "?" : count(failed)}</strong>
        <span>failed in the last hour</span>
      </li>
    </ul>
  );
}

function Throughput({ page, known }: { readonly page: PageContext; readonly known: KnownNow }): Html {
  const { minutes, losses } = known;
  return (
    <BarsOverTime
      id="throughput"
      label="Tasks per minute of the last hour"
      now={page.now}
      times={minutes.map(({ at }) => at)}
      blind={losses.blind}
      series={[
        { name: "succeeded", look: "good", values: minutes.map(({ succeeded }) => succeeded) },
        { name: "retried", look: "warn", values: minutes.map(({ retried }) => retried) },
        { name: "failed", look: "bad", values: minutes.map(({ failed }) => failed) },
      ]}
    />
  );
}

function Failures({ page, failures }: { readonly page: PageContext; readonly failures: readonly FailureGroup[] }): Html {
  return (
    <Table
      label="Failures"
      none="None."
      columns={["Task", "Error", numbers("Count"), "Last"]}
      rows={failures.slice(0, 12).map(({ name, error, count: number, lastAt }) => [
        <TaskLink page={page} name={name} />,
        <span class="error">{error}</span>,
        <SearchLink page={page} query={{ task: name, error, state: "FAILURE" }}>
          {count(number)}
        </SearchLink>,
        <Ago at={Math.min(lastAt + 59_000, page.now)} now={page.now} />,
      ])}
    />
  );
}

function Workers({ page, workers }: { readonly page: PageContext; readonly workers: readonly LiveWorker[] }): Html {
  return (
    <>
      <Table
        label="Workers"
        none="No worker has said anything yet."
        columns={["Worker", "State", numbers("Active"), numbers("Processed"), "Heard"]}
        rows={workers.slice(0, 100).map(({ host, software, state, active, processed, lastAt }) => [
          <>
            <SearchLink page={page} query={{ worker: host }}>
              {host}
            </SearchLink>
            {software !== undefined && <div class="dim">{software}</div>}
          </>,
          <State state={state} />,
          active ?? "–",
          processed === undefined ? "–" : count(processed),
          <Ago at={lastAt} now={page.now} />,
        ])}
      />
      {workers.length > 100 && <p class="dim">… and {workers.length - 100} more.</p>}
    </>
  );
}

function Running({ page, running }: { readonly page: PageContext; readonly running: readonly LiveRun[] }): Html {
  return (
    <Table
      label="Running tasks"
      none="Nothing."
      columns={["Task", "Id", "For", "Progress", "Worker"]}
      rows={running.map(({ id, name, since, host, progress, retries }) => [
        <>
          <TaskLink page={page} name={name} />
          {retries > 0 && <span class="dim"> (attempt {retries + 1})</span>}
        </>,
        <RunLink page={page} id={id} />,
        <Seconds value={Math.max(0, (page.now - since) / 1000)} />,
        <Progress
          value={progress === undefined ? undefined : (JSON.parse(progress) as unknown)}
          label={`Progress of ${shortName(name ?? id)}`}
        />,
        <span class="dim">{host}</span>,
      ])}
    />
  );
}

function LossList({ page, losses: { blind, gaps, oddities } }: { readonly page: PageContext; readonly losses: Losses }): Html {
  if (blind.length + gaps.length + oddities.length === 0) return <p class="none">Nothing is known to be missing.</p>;
  return (
    <ul>
      {blind.map(({ since, until, reason }) => (
        <li>
          Nothing was heard for {duration((until - since) / 1000)}, until <Ago at={until} now={page.now} />: {reason}.
        </li>
      ))}
      {gaps.map(({ host, lost, lastAt }) => (
        <li>
          {count(lost)} {lost === 1 ? "event" : "events"} of {host} never arrived (last heard <Ago at={lastAt} now={page.now} />
          ): counts of it are “at least”.
        </li>
      ))}
      {oddities.map(({ reason, count: number }) => (
        <li>
          {count(number)} {number === 1 ? "event" : "events"}: {reason}.
        </li>
      ))}
    </ul>
  );
}
