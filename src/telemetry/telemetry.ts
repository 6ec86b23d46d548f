import type { InterceptedCall, Next, Passed } from "../interceptors/passed.ts";
import type { SendInterceptor } from "../interceptors/send-interceptor.ts";

/** How a worker's request ended. `refused`: dead-lettered without having run. */
export type RequestOutcome = "succeeded" | "failed" | "retried" | "revoked" | "refused";

/** A request that a worker has begun with. */
export interface ServedRequest {
  readonly id: string;
  readonly taskName: string;
  readonly rootId: string;
  readonly parentId: string | undefined;
  /** 1 is the first run. */
  readonly attempt: number;
  /** The message's own headers: none of those that belong to Celery, Ligature or the broker. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Where it was sent to. */
  readonly exchange: string;
  readonly routingKey: string;
  /** Where it was taken from. */
  readonly queue: string;
  /** It was to wait until then. */
  readonly due: Date | undefined;
  /** It is a member of a group or a chord. */
  readonly isMember: boolean;
}

/**
 * What watches an app, around everything else that happens to a task. Made by `ligature/otel` and `ligature/prometheus`.
 * It must not throw.
 */
export interface Telemetry {
  /** Around each send, outside of the interceptors; the first is the outermost. */
  readonly send?: readonly SendInterceptor[];
  /** Around all that a worker does for a request: its run, and what it sends after that. Calls `serve` once. */
  readonly request?: <T>(request: ServedRequest, serve: () => Promise<T>) => Promise<T>;
  /** Around each run of a handler, outside of the interceptors. */
  readonly run?: (call: InterceptedCall<never>, next: Next) => Promise<Passed<object>>;
  /** Told how the request that it is called in has ended; outside of any for a message that nobody could read. */
  readonly ended?: (outcome: RequestOutcome) => void;
  /** Told of each request whose sender holds another version of the task's contract. */
  readonly foreignVersion?: (taskName: string) => void;
}
