import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Access } from "./access/index.ts";
import { amqpSystem } from "./actions/index.ts";
import { celeryQueue } from "./events/index.ts";
import { Blindness, dropOldDetails, Ingest } from "./ingest/index.ts";
import { Live } from "./live/index.ts";
import { readManifests } from "./manifests/index.ts";
import type { MonitorOptions } from "./monitor-options.ts";
import { openRuns } from "./queries/index.ts";
import { createRoutes } from "./server/index.ts";
import { openStore } from "./store/index.ts";

const day = 86_400_000;
/** Clocks of machines differ; what is further ahead is wrong. */
const maxAhead = 5 * 60_000;
const cleanEvery = 10 * 60_000;
const tickEvery = 5_000;

/** Hears of events, keeps them, and shows them. */
export interface Monitor {
  /** Answers a request for one of its pages: for servers that speak the web's `Request` and `Response`. */
  fetch(request: Request): Promise<Response>;
  /** The same for `node:http`, Express, and what else takes a listener. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** How many events were heard since it started, and how many wait to be written. */
  readonly statistics: {
    readonly received: number;
    readonly written: number;
    readonly waiting: number;
    readonly dropped: number;
  };
  /** Stops hearing, writes what waits, closes the database. */
  close(): Promise<void>;
}

/**
 * Opens a monitor, which hears of events from now on.
 * @throws DatabaseProblem when the database can't be opened, or is in use by another monitor
 */
export async function openMonitor(options: MonitorOptions): Promise<Monitor> {
  const { broker, keepDays = 7, base = "", title = "Ligature", contracts = [process.cwd()] } = options;
  const place = options.database ?? "ligature-monitor";
  const database =
    options.parts?.database ?? (await openStore(/^postgres(ql)?:\/\//.test(place) ? { url: place } : { folder: place }));
  const live = new Live();
  const blindness = new Blindness(database);
  await blindness.startAfterPause();
  live.restore(await openRuns(database).catch(() => []));
  const ingest = new Ingest(database, {
    window: { past: keepDays * day, future: maxAhead },
    maxWaiting: options.maxWaiting ?? 50_000,
    batchSize: 1_000,
    onEvent: (event) => live.onEvent(event),
  });
  const source =
    options.parts?.source ??
    celeryQueue({ url: broker, queue: options.queue ?? "ligature.monitor", prefetch: 1_000, ask: options.ask ?? true });
  const system = options.parts?.system ?? amqpSystem(broker);
  source.listen({
    onEvents: (raw, settle) => ingest.onEvents(raw, settle),
    onLost(reason) {
      blindness.lost(reason);
      live.changed();
    },
    onConnected() {
      void blindness.connected();
      live.changed();
    },
  });

  const stop = new AbortController();
  let cleaning: Promise<void> | undefined;
  const clean = (): void => {
    cleaning ??= dropOldDetails(database, keepDays * day, stop.signal)
      // A database with a problem says so when it is written to.
      .catch(() => undefined)
      .finally(() => (cleaning = undefined));
  };
  const timers = [setInterval(clean, cleanEvery), setInterval(() => ingest.tick(), tickEvery)];
  for (const timer of timers) timer.unref();
  clean();

  let manifests: ReturnType<typeof readManifests> | undefined;
  const routes = createRoutes({
    base,
    title,
    access: new Access(options),
    database,
    live,
    system,
    manifests: () => (manifests ??= readManifests(contracts)),
    status: () => ({
      source: source.address,
      database: database.address,
      blind: blindness.now,
      problem: ingest.status.problem,
      waiting: ingest.status.waiting,
    }),
  });
  const fetch = async (request: Request): Promise<Response> => routes.fetch(request);
  return {
    fetch,
    listener: getRequestListener(fetch, { overrideGlobalObjects: false }),
    get statistics() {
      const { received, written, waiting, dropped } = ingest.status;
      return { received, written, waiting, dropped };
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      stop.abort();
      await ingest.close();
      await source.close();
      await system.close();
      await cleaning;
      if (options.parts?.database === undefined) await database.close();
    },
  };
}
