import type * as PromClient from "prom-client";
import type { Registry } from "prom-client";
import { checkKnown, optionsObject, type OptionPlace } from "../options/index.ts";
import { loadPeer } from "../peers/index.ts";
import { eventLoopLag, measuring, taskBuckets, type Measures, type Telemetry } from "../telemetry/index.ts";

export interface PrometheusOptions {
  /** Where the metrics are registered. @default a registry of its own */
  readonly register?: Registry;
}

/** Metrics of an app in Prometheus' text format: `createApp({ telemetry })`. */
export interface Prometheus extends Telemetry {
  /** For the header of the answer. */
  readonly contentType: string;
  /** What Prometheus scrapes. */
  text(): Promise<string>;
}

const place: OptionPlace = { prefix: "prometheus(): " };

/** @throws LigatureError `INVALID_OPTION`, also when the package prom-client isn't installed */
export async function prometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  optionsObject(options, "prometheus() needs an object of options.");
  checkKnown(options, ["register"], "prometheus()", place);
  // It is CommonJS: a bundle may have it as the default.
  const loaded = await loadPeer("prom-client", () => import("prom-client"));
  const client: typeof PromClient = "Registry" in loaded ? loaded : (loaded as { readonly default: typeof PromClient }).default;
  const register = options.register ?? new client.Registry();
  const measured = measuring(gauges(client, register));
  return { ...measured, contentType: register.contentType, text: () => register.metrics() };
}

function gauges({ Counter, Gauge, Histogram }: typeof PromClient, register: Registry): Measures {
  const registers = [register];
  const buckets = [...taskBuckets];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): PromClient.Counter<Label> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]): PromClient.Histogram<Label> =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const sent = counter("ligature_sent_total", "Tasks that were sent.", ["task", "kind"]);
  const notSent = counter("ligature_not_sent_total", "Tasks that could not be sent.", ["task", "kind"]);
  const queueTime = histogram(
    "ligature_task_queue_seconds",
    "From when a request was sent, or was due, until a worker began with it.",
    ["task"],
  );
  const runTime = histogram("ligature_task_run_seconds", "What a worker took for a request, with all that it sent after that.", [
    "task",
    "outcome",
  ]);
  const retries = counter("ligature_task_retries_total", "Requests that will be tried again.", ["task"]);
  const inFlight = new Gauge({
    name: "ligature_tasks_in_flight",
    help: "Requests that run now.",
    labelNames: ["task"],
    registers,
  });
  const deadLetters = counter("ligature_dead_letters_total", "Messages that workers refused and dead-lettered.", ["task"]);
  const foreign = counter(
    "ligature_foreign_versions_total",
    "Requests whose sender holds another version of the task's contract.",
    ["task"],
  );
  const lag = eventLoopLag();
  const lagGauge: PromClient.Gauge = new Gauge({
    name: "ligature_event_loop_lag_seconds",
    help: "The longest delay of a timer since the last scrape.",
    registers,
    collect: () => lagGauge.set(lag()),
  });
  return {
    sent: (task, kind, failed) => (failed ? notSent : sent).inc({ task, kind }),
    began(task, waited) {
      inFlight.inc({ task });
      if (waited !== undefined) queueTime.observe({ task }, waited);
    },
    ended(task, outcome, took) {
      inFlight.dec({ task });
      runTime.observe({ task, outcome }, took);
      if (outcome === "retried") retries.inc({ task });
      if (outcome === "refused") deadLetters.inc({ task });
    },
    // n.b. its task may be anything that anybody wrote.
    unreadable: () => deadLetters.inc({ task: "" }),
    foreignVersion: (task) => foreign.inc({ task }),
  };
}
