import type { TaskFacts } from "../queries/index.ts";
import type { TaskManifest } from "../manifests/index.ts";
import { count, duration } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { Html, PageContext } from "./page.ts";
import { SearchLink, TaskLink } from "./parts.tsx";
import { numbers, Table } from "./table.tsx";

/** Every task of the contracts, and every other that events have named. */
export function TasksPage(props: {
  readonly page: PageContext;
  readonly facts: readonly TaskFacts[];
  readonly manifests: ReadonlyMap<string, TaskManifest>;
}): Html {
  const { page, facts, manifests } = props;
  const known = new Map(facts.map((each) => [each.name, each]));
  const names = [...new Set([...manifests.keys(), ...known.keys()])].filter((name) => name !== "").sort();
  return (
    <Layout page={page} title="Tasks" section="/tasks">
      <h1>Tasks</h1>
      <section class="panel" id="tasks" data-live aria-labelledby="tasks-title">
        <h2 id="tasks-title">
          {count(names.length)} {names.length === 1 ? "task" : "tasks"}
          <small>counts of the last day</small>
        </h2>
        <Table
          label="Tasks"
          none="No event has named a task yet, and no contract was found."
          columns={[
            "Task",
            numbers("Received"),
            numbers("Succeeded"),
            numbers("Retried"),
            numbers("Failed"),
            numbers("Mean run"),
          ]}
          rows={names.map((name) => {
            const own = known.get(name);
            const description = manifests.get(name)?.description;
            return [
              <>
                <TaskLink page={page} name={name} />
                {description !== undefined && <div class="dim">{description.split("\n")[0]}</div>}
              </>,
              count(own?.received ?? 0),
              count(own?.succeeded ?? 0),
              count(own?.retried ?? 0),
              (own?.failed ?? 0) === 0 ? (
                "0"
              ) : (
                <SearchLink page={page} query={{ task: name, state: "FAILURE" }}>
                  {count(own?.failed ?? 0)}
                </SearchLink>
              ),
              own?.meanRuntime === null || own === undefined ? "–" : duration(own.meanRuntime),
            ];
          })}
        />
      </section>
    </Layout>
  );
}
