import { readFile } from "node:fs/promises";
import { Hono, type Context } from "hono";
import type { Access } from "../access/index.ts";
import type { System } from "../actions/index.ts";
import { buckets } from "../ingest/index.ts";
import type { Live } from "../live/index.ts";
import type { TaskManifest } from "../manifests/index.ts";
import {
  FlowPage,
  LoginPage,
  MessagePage,
  NowPage,
  QueuesPage,
  RunPage,
  SearchPage,
  TaskPage,
  TasksPage,
  type KnownNow,
  type PageContext,
  type Status,
} from "../pages/index.ts";
import {
  countMatches,
  failureGroups,
  flow,
  losses,
  oneRun,
  queueFacts,
  search,
  statesAt,
  taskFacts,
  throughput,
  times,
} from "../queries/index.ts";
import { DatabaseProblem, type Database } from "../store/index.ts";
import { addActRoutes, noticeOf } from "./act-routes.tsx";
import { Cached } from "./cached.ts";
import { changes } from "./changes.ts";
import { guard, protect, type Env } from "./guard.tsx";
import { readQuery } from "./query.ts";

export interface ServerParts {
  readonly base: string;
  readonly title: string;
  readonly access: Access;
  readonly database: Database;
  readonly live: Live;
  readonly system: System;
  readonly manifests: () => Promise<ReadonlyMap<string, TaskManifest>>;
  status(): Status;
}

const hour = 3_600_000;
const day = 24 * hour;
/** So many matches are counted. */
const maxCounted = 10_000;

/** All pages. */
export function createRoutes(parts: ServerParts): Hono<Env> {
  const { base, title, database, live, system, manifests } = parts;
  const app = base === "" ? new Hono<Env>() : new Hono<Env>().basePath(base);
  const pageOf = (context: Context<Env>): PageContext => {
    const { who, role, hasSession } = context.get("visitor");
    return { base, title, who, role, canLeave: hasSession, now: Date.now(), status: parts.status() };
  };
  const message = (context: Context<Env>, status: 404 | 500 | 503, heading: string, text: string): Response | Promise<Response> =>
    context.html(<MessagePage page={pageOf(context)} title={heading} text={text} />, status);

  const queues = new Cached(1_000, () => queueFacts(database));
  const brokerQueues = new Cached(3_000, async () => system.queues((await queues.get()).map(({ name }) => name)));
  const known = new Cached(1_000, async (): Promise<KnownNow> => {
    const now = Date.now();
    const [minutes, failures, allQueues, missing] = await Promise.all([
      throughput(database, 60, now),
      failureGroups(database, now - hour),
      queues.get(),
      losses(database, now - day),
    ]);
    return { minutes, failures, queues: allQueues, losses: missing };
  });
  const names = new Cached(10_000, async () => (await taskFacts(database, Date.now() - day)).map(({ name }) => name));

  protect(app, parts.access);
  for (const [file, type] of [
    ["style.css", "text/css; charset=utf-8"],
    ["script.js", "text/javascript; charset=utf-8"],
    ["icon.svg", "image/svg+xml"],
  ] as const) {
    const content = readFile(new URL(`../../assets/${file}`, import.meta.url));
    app.get(`/assets/${file}`, async (context) => {
      context.header("content-type", type);
      context.header("cache-control", "public, max-age=300");
      return context.body(new Uint8Array(await content));
    });
  }
  guard(app, parts.access, { base, title }, (props) => <LoginPage {...props} />);

  app.get("/changes", () => changes(() => live.cursor));

  app.get("/", async (context) => {
    const page = pageOf(context);
    const rates = live.rates(10, page.now);
    return context.html(
      <NowPage
        page={page}
        workers={live.workers(page.now)}
        running={live.running().slice(0, 25)}
        runningCount={live.runningCount}
        endedPerSecond={rates.reduce((sum, { ended }) => sum + ended, 0) / rates.length}
        known={await known.get().catch(() => undefined)}
        broker={await brokerQueues.get().catch(() => new Map())}
      />,
    );
  });

  app.get("/search", async (context) => {
    const { query, filter, mistakes } = readQuery((name) => context.req.query(name));
    const after = context.req.query("after");
    const [found, count, allNames] = await Promise.all([
      search(database, filter, after),
      countMatches(database, filter, maxCounted),
      names.get(),
    ]);
    return context.html(
      <SearchPage
        page={pageOf(context)}
        notice={noticeOf(context)}
        query={query}
        filter={filter}
        after={after}
        found={found}
        matches={{ count, limit: maxCounted }}
        names={[...new Set([...allNames, ...(await manifests()).keys()])].sort()}
        mistakes={mistakes}
      />,
    );
  });

  app.get("/runs/:id", async (context) => {
    const found = await oneRun(database, context.req.param("id"));
    if (found === undefined) return message(context, 404, "No such task", "No event has named it, or its details are too old.");
    return context.html(<RunPage page={pageOf(context)} notice={noticeOf(context)} {...found} />);
  });

  app.get("/flows/:id", async (context) => {
    const id = context.req.param("id");
    const found = await flow(database, id);
    if (found === undefined) return message(context, 404, "No such flow", "No event has named it, or its details are too old.");
    const moment = Number(context.req.query("at") ?? "");
    const at = moment > 0 ? moment : undefined;
    return context.html(
      <FlowPage page={pageOf(context)} notice={noticeOf(context)} flow={found} states={statesAt(found, at)} here={id} at={at} />,
    );
  });

  app.get("/tasks", async (context) =>
    context.html(
      <TasksPage page={pageOf(context)} facts={await taskFacts(database, Date.now() - day)} manifests={await manifests()} />,
    ),
  );

  app.get("/tasks/:name", async (context) => {
    const name = context.req.param("name");
    const since = Date.now() - day;
    const [facts, measured, failures, found, tasks] = await Promise.all([
      taskFacts(database, since, name),
      times(database, name, since, buckets.length),
      failureGroups(database, since, name),
      search(database, { name }),
      manifests(),
    ]);
    const manifest = tasks.get(name);
    if (manifest === undefined && facts.length === 0 && found.runs.length === 0) {
      return message(context, 404, "No such task", "No event has named it, and no contract that was found has it.");
    }
    return context.html(
      <TaskPage
        page={pageOf(context)}
        name={name}
        manifest={manifest}
        facts={facts[0]}
        times={measured}
        buckets={buckets}
        failures={failures}
        runs={found.runs.slice(0, 20)}
      />,
    );
  });

  app.get("/queues", async (context) =>
    context.html(
      <QueuesPage page={pageOf(context)} queues={await queues.get()} broker={await brokerQueues.get().catch(() => new Map())} />,
    ),
  );

  addActRoutes(app, { base, database, system, pageOf });

  app.notFound((context) =>
    context.get("visitor") === undefined
      ? context.text("Not found.", 404)
      : message(context, 404, "No such page", "Nothing is at this address."),
  );
  app.onError((error, context) => {
    const isDatabase = error instanceof DatabaseProblem;
    if (context.get("visitor") === undefined) return context.text("Something went wrong.", 500);
    return message(
      context,
      isDatabase ? 503 : 500,
      isDatabase ? "The database can't be asked" : "Something went wrong",
      isDatabase ? `${error.message}. What happens now is shown on the first page all the same.` : error.message,
    );
  });
  return app;
}
