/** Throughput of a task that computes, and of one that does nothing, by where handlers run. `scripts/bench-pool.mjs` starts it. */
import { loadavg } from "node:os";
import { bench } from "@ligature/bench-tasks";
import { createApp, silentLogger, type App, type Worker } from "ligature";
import { formatColumns } from "../columns.ts";
import handlers, { stepsPerTask } from "./compute-handlers.ts";

const rounds = 5;
const computing = 60;
const empty = 1000;

const module = new URL("./compute-handlers.js", import.meta.url);
const places: readonly (readonly [name: string, open: (app: App) => Worker])[] = [
  ["the worker itself", (app) => app.worker(bench, handlers, { concurrency: 2 })],
  ...(["thread", "process"] as const).flatMap((execution) =>
    [1, 2].map((concurrency): readonly [string, (app: App) => Worker] => [
      `${concurrency} ${execution}${concurrency === 1 ? "" : execution === "process" ? "es" : "s"}`,
      (app) => app.worker(bench, module, { execution, concurrency, prefetch: 100 }),
    ]),
  ),
];

/** Tasks per second. */
async function rate(app: App, count: number, steps: number): Promise<number> {
  const { echo } = app.remote(bench);
  const started = performance.now();
  await Promise.all(Array.from({ length: count }, () => echo.with({ timeout: "5m" })(steps)));
  return (count * 1000) / (performance.now() - started);
}

const rates = new Map<string, { readonly computing: number[]; readonly empty: number[] }>();
for (let round = 1; round <= rounds; round += 1) {
  console.error(`round ${round} of ${rounds} … (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
  for (const [name, open] of places) {
    const app = createApp({ name: "bench-pool", broker: "memory://", log: silentLogger });
    await open(app).start();
    await rate(app, 20, stepsPerTask);
    const found = rates.get(name) ?? { computing: [], empty: [] };
    rates.set(name, found);
    found.computing.push(await rate(app, computing, stepsPerTask));
    found.empty.push(await rate(app, empty, 0));
    await app.close();
  }
}
// The best round: what else the machine does only makes it slower.
const best = (values: readonly number[]): number => Math.max(...values);
const base = best(rates.get("the worker itself")?.computing ?? []);
console.log(
  formatColumns([
    ["handlers run in", "computing, tasks/s", "ratio", "empty, tasks/s"],
    ...[...rates].map(([name, of]) => [
      name,
      best(of.computing).toFixed(1),
      (best(of.computing) / base).toFixed(2),
      Math.round(best(of.empty)).toLocaleString("en"),
    ]),
  ]),
);
