import { pageSize, type Filter, type Found, type Run } from "../queries/index.ts";
import { count, link } from "./format.ts";
import { Layout, type LayoutProps } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { numbers, Table } from "./table.tsx";
import { Ago, RunLink, Seconds, State, TaskLink } from "./parts.tsx";

export const states = ["PENDING", "RECEIVED", "STARTED", "RETRY", "SUCCESS", "FAILURE", "REVOKED", "REJECTED"] as const;

/** The filter as the address has it. */
export type SearchQuery = Readonly<
  Record<"q" | "task" | "state" | "queue" | "worker" | "error" | "from" | "until", string | undefined>
>;

export interface SearchProps {
  readonly page: PageContext;
  readonly notice?: LayoutProps["notice"];
  readonly query: SearchQuery;
  readonly filter: Filter;
  /** Where this page begins. */
  readonly after: string | undefined;
  readonly found: Found;
  /** How many match; `limit` or more are that. */
  readonly matches: { readonly count: number; readonly limit: number };
  readonly names: readonly string[];
  /** Why a field of the filter was left out. */
  readonly mistakes: readonly string[];
}

export function SearchPage(props: SearchProps): Html {
  const { page, query, found, matches, after, mistakes } = props;
  return (
    <Layout page={page} title="Search" section="/search" notice={props.notice}>
      <h1>Search</h1>
      <section class="panel" aria-label="Filter">
        <FilterForm {...props} />
        {mistakes.map((each) => (
          <p class="error" role="alert">
            {each}
          </p>
        ))}
      </section>
      <div class="grid">
        <section class="panel wide" id="found" data-live={after === undefined ? "" : undefined} aria-labelledby="found-title">
          <h2 id="found-title">
            {matches.count >= matches.limit ? `${count(matches.limit)}+` : count(matches.count)}{" "}
            {matches.count === 1 ? "task" : "tasks"}
            <small>{query.q === undefined ? "newest first" : "that fit the filter; those with the text, newest first:"}</small>
          </h2>
          {found.searchedOnly !== undefined && (
            <p class="dim">
              The text was looked for in the newest {count(found.searchedOnly)} tasks only; narrow the time to reach older ones.
            </p>
          )}
          {page.role === "act" && found.runs.length > 0 ? <Selection {...props} /> : <RunTable page={page} runs={found.runs} />}
          <div class="more">
            {after !== undefined && <a href={link(`${page.base}/search`, query)}>Newest</a>}
            {found.next !== undefined && (
              <a href={link(`${page.base}/search`, { ...query, after: found.next })}>Next {pageSize}</a>
            )}
          </div>
        </section>
      </div>
    </Layout>
  );
}

function FilterForm({ page, query, names }: SearchProps): Html {
  const text = (name: keyof SearchQuery, label: string, more: object = {}): Html => (
    <label>
      {label}
      <input name={name} value={query[name] ?? ""} autocomplete="off" {...more} />
    </label>
  );
  return (
    <form class="filter" method="get" action={`${page.base}/search`} role="search">
      <label class="wide">
        Id, or text of an error, arguments, result
        <input type="search" name="q" value={query.q ?? ""} autocomplete="off" />
      </label>
      {text("task", "Task", { list: "names" })}
      <datalist id="names">
        {names.map((name) => (
          <option value={name} />
        ))}
      </datalist>
      <label>
        State
        <select name="state">
          <option value="">any</option>
          {states.map((state) => (
            <option value={state} selected={query.state === state}>
              {state.toLowerCase()}
            </option>
          ))}
        </select>
      </label>
      {text("queue", "Queue")}
      {text("worker", "Worker")}
      {text("error", "Error class")}
      {text("from", "From (UTC)", { placeholder: "2026-11-28 14:00" })}
      {text("until", "Until (UTC)", { placeholder: "2026-11-28 15:00" })}
      <div class="buttons">
        <button class="first" type="submit">
          Search
        </button>
        <a href={`${page.base}/search`}>Clear</a>
      </div>
    </form>
  );
}

/** The found tasks with a box each, and what can be done to those that are chosen, or to all. */
function Selection({ page, query, found }: SearchProps): Html {
  return (
    <form method="post" action={`${page.base}/revoke`} class="stack">
      <RunTable page={page} runs={found.runs} isSelectable />
      <div class="buttons">
        <button type="submit" class="danger">
          Revoke those that are chosen
        </button>
        <a class="button" href={link(`${page.base}/revoke`, query)}>
          Revoke all that fit the filter …
        </a>
      </div>
    </form>
  );
}

/** Tasks, one a row. */
export function RunTable(props: {
  readonly page: PageContext;
  readonly runs: readonly Run[];
  readonly label?: string;
  readonly isSelectable?: boolean;
}): Html {
  const { page, runs, label = "Tasks", isSelectable = false } = props;
  return (
    <Table
      label={label}
      none="None."
      columns={["Task", "State", "Id", "First heard", numbers("Ran"), "Queue", "Error"]}
      rows={runs.map((run) => [
        <>
          {isSelectable && <input type="checkbox" name="id" value={run.id} aria-label={`Choose ${run.name ?? ""} ${run.id}`} />}{" "}
          <TaskLink page={page} name={run.name} />
          {run.retries > 0 && <span class="dim"> (attempt {run.retries + 1})</span>}
        </>,
        <State state={run.state} />,
        <RunLink page={page} id={run.id} />,
        <Ago at={run.firstAt} now={page.now} />,
        <Seconds value={run.runtime} />,
        <span class="dim">{run.queue ?? ""}</span>,
        <span class="error">{run.exception === null ? "" : run.exception.slice(0, 160)}</span>,
      ])}
    />
  );
}
