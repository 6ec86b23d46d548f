import type * as Api from "@opentelemetry/api";
import { eventLoopLag, taskBuckets, type Measures } from "../telemetry/index.ts";

/** An app's measures as instruments of the program's meter provider. Times are seconds. */
export function meters(api: typeof Api): Measures {
  const meter = api.metrics.getMeter("ligature");
  const advice = { explicitBucketBoundaries: [...taskBuckets] };
  const system = { "messaging.system": "rabbitmq" } as const;
  const sent = meter.createCounter("messaging.client.sent.messages", { unit: "{message}", description: "Tasks that were sent." });
  const consumed = meter.createCounter("messaging.client.consumed.messages", {
    unit: "{message}",
    description: "Requests that workers have begun with.",
  });
  const queueTime = meter.createHistogram("ligature.task.queue.duration", {
    unit: "s",
    description: "From when a request was sent, or was due, until a worker began with it.",
    advice,
  });
  const runTime = meter.createHistogram("ligature.task.run.duration", {
    unit: "s",
    description: "What a worker took for a request, with all that it sent after that.",
    advice,
  });
  const retries = meter.createCounter("ligature.task.retries", {
    unit: "{retry}",
    description: "Requests that will be tried again.",
  });
  const inFlight = meter.createUpDownCounter("ligature.task.in_flight", {
    unit: "{request}",
    description: "Requests that run now.",
  });
  const deadLetters = meter.createCounter("ligature.dead_letters", {
    unit: "{message}",
    description: "Messages that workers refused and dead-lettered.",
  });
  const foreign = meter.createCounter("ligature.contract.foreign_versions", {
    unit: "{request}",
    description: "Requests whose sender holds another version of the task's contract.",
  });
  const lag = eventLoopLag();
  meter
    .createObservableGauge("ligature.event_loop.lag", {
      unit: "s",
      description: "The longest delay of a timer since the last look.",
    })
    .addCallback((result) => result.observe(lag()));
  const task = (taskName: string): Record<string, string> => ({ "ligature.task.name": taskName });
  return {
    sent(taskName, kind, failed) {
      const attributes = { ...system, "messaging.operation.name": "send", ...task(taskName), "ligature.task.kind": kind };
      sent.add(1, failed ? { ...attributes, "error.type": "not_sent" } : attributes);
    },
    began(taskName, waited) {
      consumed.add(1, { ...system, "messaging.operation.name": "process", ...task(taskName) });
      inFlight.add(1, task(taskName));
      if (waited !== undefined) queueTime.record(waited, task(taskName));
    },
    ended(taskName, outcome, took) {
      inFlight.add(-1, task(taskName));
      runTime.record(took, { ...task(taskName), "ligature.task.outcome": outcome });
      if (outcome === "retried") retries.add(1, task(taskName));
      if (outcome === "refused") deadLetters.add(1, task(taskName));
    },
    unreadable: () => deadLetters.add(1),
    foreignVersion: (taskName) => foreign.add(1, task(taskName)),
  };
}
