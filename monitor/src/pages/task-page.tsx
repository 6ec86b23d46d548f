import type { FailureGroup, Run, TaskFacts, Times } from "../queries/index.ts";
import type { TaskManifest } from "../manifests/index.ts";
import { Histogram } from "./charts.tsx";
import { count, duration } from "./format.ts";
import { Layout, type LayoutProps } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { SearchLink } from "./parts.tsx";
import { numbers, Table } from "./table.tsx";
import { RunTable } from "./search-page.tsx";

export interface TaskProps {
  readonly page: PageContext;
  readonly notice?: LayoutProps["notice"];
  readonly name: string;
  readonly manifest: TaskManifest | undefined;
  readonly facts: TaskFacts | undefined;
  readonly times: Times;
  /** Upper bounds in seconds. */
  readonly buckets: readonly number[];
  readonly failures: readonly FailureGroup[];
  readonly runs: readonly Run[];
}

/** One kind of task. */
export function TaskPage(props: TaskProps): Html {
  const { page, name, manifest, facts, times, buckets, failures, runs } = props;
  const labels = [...buckets.map((bound) => `≤ ${duration(bound)}`), `> ${duration(buckets.at(-1) ?? 0)}`];
  return (
    <Layout page={page} title={name} section="/tasks" notice={props.notice}>
      <div class="titled">
        <h1>{name}</h1>
        {manifest !== undefined && <span class="dim">of the contract {manifest.contract}</span>}
      </div>
      {manifest?.description !== undefined && <p>{manifest.description}</p>}
      <div class="grid">
        <section class="panel" id="counts" data-live aria-labelledby="counts-title">
          <h2 id="counts-title">
            Counts<small>of the last day</small>
          </h2>
          <Counts page={page} name={name} facts={facts} />
        </section>
        <section class="panel" id="errors" data-live aria-labelledby="errors-title">
          <h2 id="errors-title">
            Errors<small>of the last day</small>
          </h2>
          <Errors page={page} failures={failures} />
        </section>
        <section class="panel" id="ran" data-live aria-labelledby="ran-title">
          <h2 id="ran-title">
            How long it ran<small>of the last day, successes</small>
          </h2>
          <Histogram label="How long it ran" labels={labels} values={times.run} />
        </section>
        <section class="panel" id="waited" data-live aria-labelledby="waited-title">
          <h2 id="waited-title">
            How long it waited<small>for its start</small>
          </h2>
          <Histogram label="How long it waited" labels={labels} values={times.wait} />
        </section>
        {manifest !== undefined && (
          <section class="panel wide" aria-labelledby="contract-title">
            <h2 id="contract-title">Contract</h2>
            <Contract manifest={manifest} />
          </section>
        )}
        <section class="panel wide" id="latest" data-live aria-labelledby="latest-title">
          <h2 id="latest-title">
            Latest
            <small>
              <SearchLink page={page} query={{ task: name }}>
                all
              </SearchLink>
            </small>
          </h2>
          <RunTable page={page} runs={runs} label="Latest tasks" />
        </section>
      </div>
    </Layout>
  );
}

function Counts({
  page,
  name,
  facts,
}: {
  readonly page: PageContext;
  readonly name: string;
  readonly facts: TaskFacts | undefined;
}): Html {
  const rows: readonly (readonly [string, string, string | undefined])[] = [
    ["Received", count(facts?.received ?? 0), undefined],
    ["Succeeded", count(facts?.succeeded ?? 0), "SUCCESS"],
    ["Retried", count(facts?.retried ?? 0), undefined],
    ["Failed", count(facts?.failed ?? 0), "FAILURE"],
    ["Mean run", facts?.meanRuntime === null || facts === undefined ? "–" : duration(facts.meanRuntime), undefined],
  ];
  return (
    <dl class="facts">
      {rows.map(([label, value, state]) => (
        <div>
          <dt>{label}</dt>
          <dd>
            {state === undefined ? (
              value
            ) : (
              <SearchLink page={page} query={{ task: name, state }}>
                {value}
              </SearchLink>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Errors({ page, failures }: { readonly page: PageContext; readonly failures: readonly FailureGroup[] }): Html {
  return (
    <Table
      label="Errors"
      none="None."
      columns={["Class", numbers("Count")]}
      rows={failures.map(({ name, error, count: number }) => [
        <span class="error">{error}</span>,
        <SearchLink page={page} query={{ task: name, error, state: "FAILURE" }}>
          {count(number)}
        </SearchLink>,
      ])}
    />
  );
}

function Contract({ manifest }: { readonly manifest: TaskManifest }): Html {
  return (
    <div class="stack">
      <dl class="facts">
        {manifest.facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        label="Parameters"
        none="It has no parameters."
        columns={["Parameter", "What it takes", "Meaning"]}
        rows={manifest.params.map(({ name, optional, schema, description }) => [
          <>
            <code>{name}</code>
            {optional && <span class="dim"> (optional)</span>}
          </>,
          <code>{schema}</code>,
          description ?? "",
        ])}
      />
    </div>
  );
}
