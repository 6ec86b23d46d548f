import { randomUUID } from "node:crypto";
import { context, metrics, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { chord, group, type TaskContext } from "ligature";
import { task } from "ligature/contract";
import { openTelemetry } from "ligature/otel";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { recordLog } from "../support/log-recorder.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

class Reader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

const exporter = new InMemorySpanExporter();
const reader = new Reader();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const meters = new MeterProvider({ readers: [reader] });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  metrics.setGlobalMeterProvider(meters);
});
afterAll(async () => {
  await Promise.all([provider.shutdown(), meters.shutdown()]);
  for (const api of [context, propagation, trace, metrics]) api.disable();
});
beforeEach(() => exporter.reset());

type Keys = "run" | "join" | "outer" | "onFail";
const tasks = {
  run: task({ params: { key: z.string() }, returns: z.string() }),
  join: task({ params: { parts: z.union([z.string(), z.array(z.string())]), key: z.string() }, returns: z.string() }),
  outer: task({ params: { key: z.string() }, returns: z.string() }),
  onFail: task({ params: { key: z.string() } }),
};

async function start(url: string, { relation = "auto" }: { readonly relation?: "auto" | "child" | "link" } = {}) {
  const telemetry = await openTelemetry({ relation });
  const { log, lines } = recordLog();
  const options = { telemetry };
  const system = await startOwn<Keys>(url, {
    tasks,
    app: options,
    server: { ...options, log: telemetry.logger(log) },
    handlers: (own: OwnService<Keys>) => ({
      run: (key: string, ctx: TaskContext) => {
        ctx.log.info({ key }, "runs");
        if (key === "bad") throw new TypeError("bad key");
        if (key === "again" && ctx.retries === 0) ctx.retry({ countdown: 1 });
        return key;
      },
      join: ((_parts: unknown, key: string) => key) as never,
      outer: async (key: string) => (await own.server.send(own.tasks.run.si(key) as never)) && key,
      onFail: (key: string) => own.journal.write(key, true),
    }),
  });
  return Object.assign(system, { lines });
}

/** The spans of a kind that have ended, by the task's name; waits until there are so many. */
async function spans(count: number): Promise<readonly ReadableSpan[]> {
  await expect.poll(() => exporter.getFinishedSpans().length, { timeout: patience, interval: 5 }).toBeGreaterThanOrEqual(count);
  return exporter.getFinishedSpans();
}
const of = (all: readonly ReadableSpan[], kind: SpanKind, name: string, attempt = 1): ReadableSpan => {
  const found = all.filter((span) => span.kind === kind && span.attributes["ligature.task.name"] === name);
  const one =
    kind === SpanKind.PRODUCER ? found[attempt - 1] : found.find((span) => span.attributes["ligature.task.attempt"] === attempt);
  return one ?? expect.fail(`There is no such span of ${name} among ${all.map((span) => span.name).join(", ")}.`);
};
const { PRODUCER, CONSUMER } = SpanKind;
const traceOf = (span: ReadableSpan): string => span.spanContext().traceId;

describe.each(brokers)("OpenTelemetry on $name", ({ url }) => {
  it("makes a span of each send and a child of it in the worker, by the conventions for messaging", async () => {
    await using system = await start(url());
    const result = await system.remote.run.delay("a");
    await result.get({ timeout: patience });
    const all = await spans(2);
    const [sent, processed] = [of(all, PRODUCER, "own.run"), of(all, CONSUMER, "own.run")];
    expect(processed.parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
    expect(traceOf(processed)).toBe(traceOf(sent));
    expect(sent.attributes).toMatchObject({
      "messaging.system": "rabbitmq",
      "messaging.operation.name": "send",
      "messaging.operation.type": "send",
      "messaging.message.id": result.id,
      "messaging.rabbitmq.destination.routing_key": system.queue,
      "ligature.task.kind": "call",
    });
    expect(sent.name).toBe(`send ${String(sent.attributes["messaging.destination.name"])}`);
    expect(processed.name).toBe(`process ${String(processed.attributes["messaging.destination.name"])}`);
    expect(processed.attributes).toMatchObject({ "messaging.operation.name": "process", "ligature.task.outcome": "succeeded" });
    expect(processed.attributes["messaging.destination.name"]).toContain(system.queue);
    expect(JSON.stringify([sent.attributes, processed.attributes])).not.toContain('"a"');
  });

  it("continues the caller's trace, over nested calls and callbacks", async () => {
    await using system = await start(url());
    const { onFail } = system.tasks;
    const tracer = trace.getTracer("test");
    await tracer.startActiveSpan("caller", async (span) => {
      const result = await system.remote.outer.applyAsync(["b"], { link: onFail.si("linked") });
      await result.get({ timeout: patience });
      await system.journal.entry("linked");
      span.end();
    });
    const all = await spans(7);
    expect(new Set(all.map(traceOf)).size).toBe(1);
    const outer = of(all, CONSUMER, "own.outer").spanContext().spanId;
    expect(of(all, PRODUCER, "own.run").parentSpanContext?.spanId).toBe(outer);
    expect(of(all, PRODUCER, "own.onFail").parentSpanContext?.spanId).toBe(outer);
    expect(of(all, PRODUCER, "own.onFail").attributes["ligature.task.kind"]).toBe("successor");
  });

  it("links a retry to the attempt before, in a trace of its own", async () => {
    await using system = await start(url());
    await system.remote.run("again");
    const all = await spans(4);
    const [first, second] = [of(all, CONSUMER, "own.run", 1), of(all, CONSUMER, "own.run", 2)];
    const resent = of(all, PRODUCER, "own.run", 2);
    expect(first.attributes["ligature.task.outcome"]).toBe("retried");
    expect(resent.attributes["ligature.task.kind"]).toBe("retry");
    expect(resent.parentSpanContext?.spanId).toBe(first.spanContext().spanId);
    expect(second.parentSpanContext).toBeUndefined();
    expect(traceOf(second)).not.toBe(traceOf(first));
    expect(second.links.map((link) => link.context.spanId)).toEqual([resent.spanContext().spanId]);
  });

  it("links delayed tasks and members of groups and chords, whose body continues the last one's trace", async () => {
    await using system = await start(url());
    const { run, join } = system.tasks;
    const delayed = await system.remote.run.applyAsync(["a"], { countdown: 10 });
    await delayed.get({ timeout: patience });
    const [late] = (await spans(2)).filter((span) => span.kind === CONSUMER);
    expect(late?.parentSpanContext).toBeUndefined();
    expect(late?.links).toHaveLength(1);
    exporter.reset();
    await (await system.app.send(group(run.si("x"), run.si("y")))).get({ timeout: patience });
    for (const member of (await spans(4)).filter((span) => span.kind === CONSUMER)) expect(member.links).toHaveLength(1);
    exporter.reset();
    await (await system.app.send(chord([run.si("x"), run.si("y")], join.s("body") as never))).get({ timeout: patience });
    const all = await spans(6);
    const body = of(all, CONSUMER, "own.join");
    const members = all.filter((span) => span.kind === CONSUMER && span !== body);
    expect(members.map(traceOf)).toContain(traceOf(body));
  });

  it.each([
    ["child", 1],
    ["link", 3],
  ] as const)("relates everything by one option: %s", async (relation, traces) => {
    await using system = await start(url(), { relation });
    await trace.getTracer("test").startActiveSpan("caller", async (span) => {
      await system.remote.run("again");
      span.end();
    });
    expect(new Set((await spans(5)).map(traceOf)).size).toBe(traces);
  });

  it("marks what failed with the error, and begins error callbacks in its trace", async () => {
    await using system = await start(url());
    const result = await system.remote.run.applyAsync(["bad"], { linkError: system.tasks.onFail.si("failed") });
    await result.settle({ timeout: patience });
    await system.journal.entry("failed");
    const all = await spans(4);
    const failed = of(all, CONSUMER, "own.run");
    expect(failed.status.code).toBe(SpanStatusCode.ERROR);
    expect(failed.attributes).toMatchObject({ "error.type": "TypeError", "ligature.task.outcome": "failed" });
    expect(failed.events.map(({ name }) => name)).toEqual(["exception"]);
    expect(of(all, PRODUCER, "own.onFail").parentSpanContext?.spanId).toBe(failed.spanContext().spanId);
  });

  it("takes a trace from the headers of others, as Celery's instrumentation writes them", async () => {
    await using system = await start(url());
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const plain = system.newApp();
    const other = await plain.send(
      (system.tasks.run.si("a") as never as { set(o: object): never }).set({ headers: { traceparent } }),
    );
    await (other as { get(o: object): Promise<unknown> }).get({ timeout: patience });
    const [served] = await spans(1);
    expect(served?.parentSpanContext).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" });
  });

  it("doesn't put every request into the trace in which the worker was started", async () => {
    const system = await trace.getTracer("test").startActiveSpan("boot", async (span) => {
      const started = await start(url());
      span.end();
      return started;
    });
    await using _closed = system;
    const plain = system.newApp();
    await ((await plain.send(system.tasks.run.si("a") as never)) as { get(o: object): Promise<unknown> }).get({
      timeout: patience,
    });
    const all = await spans(2);
    const boot = all.find((span) => span.name === "boot") as ReadableSpan;
    expect(traceOf(of(all, CONSUMER, "own.run"))).not.toBe(traceOf(boot));
  });

  it("gives log lines the ids of their span", async () => {
    await using system = await start(url());
    await system.remote.run("a");
    const span = of(await spans(2), CONSUMER, "own.run").spanContext();
    const line = system.lines.find(({ message }) => message === "runs");
    expect(line?.fields).toMatchObject({ key: "a", trace_id: span.traceId, span_id: span.spanId });
  });

  it("measures what is sent, waits, runs and is tried again", async () => {
    await using system = await start(url());
    await system.remote.run("again");
    await system.remote.run("bad").catch(() => {});
    await spans(6);
    const { resourceMetrics } = await reader.collect();
    const found = new Map(
      resourceMetrics.scopeMetrics.flatMap(({ metrics: all }) => all.map((each) => [each.descriptor.name, each])),
    );
    expect([...found.keys()].sort()).toEqual(
      [
        "ligature.event_loop.lag",
        "ligature.task.in_flight",
        "ligature.task.queue.duration",
        "ligature.task.retries",
        "ligature.task.run.duration",
        "messaging.client.consumed.messages",
        "messaging.client.sent.messages",
      ].sort(),
    );
    const run = found.get("ligature.task.run.duration");
    expect(run?.descriptor.unit).toBe("s");
    expect(new Set(run?.dataPoints.map(({ attributes }) => attributes["ligature.task.outcome"]))).toEqual(
      new Set(["succeeded", "failed", "retried"]),
    );
    const running = found.get("ligature.task.in_flight")?.dataPoints.map(({ value }) => value);
    expect(running?.every((value) => value === 0)).toBe(true);
  });
});

describe("openTelemetry()", () => {
  it("works without an SDK", async () => {
    for (const api of [context, propagation, trace, metrics]) api.disable();
    try {
      await using system = await start(`memory://${randomUUID()}`);
      await expect(system.remote.run("a")).resolves.toBe("a");
    } finally {
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      propagation.setGlobalPropagator(new W3CTraceContextPropagator());
      trace.setGlobalTracerProvider(provider);
      metrics.setGlobalMeterProvider(meters);
    }
  });

  it("refuses options that it doesn't know, and an app a promise of it", async () => {
    await expect(openTelemetry({ parent: true } as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(openTelemetry({ relation: "sibling" as never })).rejects.toThrow(/relation must be "auto" or "child" or "link"/);
    const telemetry = openTelemetry();
    await expect(
      startOwn("memory://", { tasks, handlers: () => ({}) as never, app: { telemetry: telemetry as never } }),
    ).rejects.toThrow(/telemetry is a promise: await openTelemetry/);
    expect(ROOT_CONTEXT).toBeDefined();
  });
});
