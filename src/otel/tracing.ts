import type * as Api from "@opentelemetry/api";
import type { Attributes, Context, Link, Span, TextMapGetter, TextMapSetter } from "@opentelemetry/api";
import type { InterceptedCall, Next, Passed, SendCall, SendInterceptor } from "../interceptors/index.ts";
import type { RequestOutcome, ServedRequest } from "../telemetry/index.ts";

/** How the span of a request belongs to that of its sender. */
export type Relation = "auto" | "child" | "link";

export interface Tracing {
  readonly send: SendInterceptor;
  readonly request: <T>(request: ServedRequest, serve: () => Promise<T>) => Promise<T>;
  readonly run: (call: InterceptedCall<never>, next: Next) => Promise<Passed<object>>;
  readonly ended: (outcome: RequestOutcome) => void;
}

const setter: TextMapSetter<SendCall> = { set: (call, name, value) => call.setHeader(name, value) };

const getter: TextMapGetter<Readonly<Record<string, unknown>>> = {
  keys: (headers) => Object.keys(headers),
  get: (headers, name) => (typeof headers[name] === "string" ? headers[name] : undefined),
};

/**
 * Spans by the semantic conventions for messaging with RabbitMQ, version 1.44. Their context travels in the message's headers under
 * its standard names, where the instrumentation of Celery looks for it, too.
 */
export function tracing(api: typeof Api, relation: Relation): Tracing {
  const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;
  const tracer = trace.getTracer("ligature");
  /** The span of the request that the code runs in. */
  const key = api.createContextKey("ligature request");
  const requestSpan = (): Span | undefined => context.active().getValue(key) as Span | undefined;

  function fail(span: Span, error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    const code = "code" in failure && typeof failure.code === "string" ? failure.code : failure.name;
    span.setAttribute("error.type", code);
    span.recordException(failure);
    span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  }

  async function within<T>(span: Span, active: Context, work: () => Promise<T>): Promise<T> {
    try {
      return await context.with(active, work);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    async send(call: SendCall, next) {
      const destination = destinationOf(call.exchange, call.routingKey);
      const attributes = { ...messaging("send", destination, call), "ligature.task.kind": call.kind };
      // n.b. what a worker sends after a task is a part of that, whatever is active.
      const span = tracer.startSpan(`send ${destination}`, { kind: SpanKind.PRODUCER, attributes });
      const active = trace.setSpan(context.active(), span);
      propagation.inject(active, call, setter);
      return within(span, active, () => next());
    },

    async request(request, serve) {
      // Not what is active here: who has started the worker in a span isn't part of every request.
      const sender = propagation.extract(ROOT_CONTEXT, request.headers, getter);
      const sent = trace.getSpanContext(sender);
      const isOwn =
        relation === "link" || (relation === "auto" && (request.attempt > 1 || request.isMember || request.due !== undefined));
      const links: Link[] = isOwn && sent !== undefined ? [{ context: sent }] : [];
      const parent = isOwn ? trace.deleteSpan(sender) : sender;
      const { exchange, routingKey, queue } = request;
      const destination = destinationOf(exchange, routingKey, queue);
      const attributes = { ...messaging("process", destination, request), "ligature.task.attempt": request.attempt };
      const span = tracer.startSpan(
        `process ${destination}`,
        { kind: SpanKind.CONSUMER, root: isOwn, links, attributes },
        parent,
      );
      return within(span, trace.setSpan(parent, span).setValue(key, span), serve);
    },

    async run(_call, next) {
      try {
        return await next();
      } catch (error) {
        const span = requestSpan();
        if (span !== undefined) fail(span, error);
        throw error;
      }
    },

    ended(outcome) {
      const span = requestSpan();
      span?.setAttribute("ligature.task.outcome", outcome);
      if (outcome === "failed" || outcome === "refused") span?.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

/** `exchange:routing_key:queue`, without what is empty, and equal parts once. */
function destinationOf(...parts: readonly string[]): string {
  const named = [...new Set(parts.filter((part) => part !== ""))];
  return named.length === 0 ? "amq.default" : named.join(":");
}

function messaging(
  operation: "send" | "process",
  destination: string,
  { id, rootId, taskName, routingKey }: Pick<ServedRequest, "id" | "rootId" | "taskName" | "routingKey">,
): Attributes {
  return {
    "messaging.system": "rabbitmq",
    "messaging.operation.name": operation,
    "messaging.operation.type": operation,
    "messaging.destination.name": destination,
    "messaging.message.id": id,
    "messaging.message.conversation_id": id,
    "ligature.task.name": taskName,
    "ligature.task.root_id": rootId,
    ...(routingKey !== "" && { "messaging.rabbitmq.destination.routing_key": routingKey }),
  };
}
