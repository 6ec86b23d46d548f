import type { InterceptedCall, Next, Passed } from "./passed.ts";

/** A task that is about to be sent. */
export interface SendCall<out Context extends object = {}> extends InterceptedCall<Context> {
  /**
   * `call`: the program sends it. `successor`: a worker of this app sends it when another task has ended (callback, next step, chord's body,
   * error callback). `retry`: a worker sends its own request again.
   */
  readonly kind: "call" | "successor" | "retry";
  /** Where it is sent to. */
  readonly exchange: string;
  readonly routingKey: string;
  /** As they travel: plain JSON. */
  readonly args: readonly unknown[];
  /**
   * Sets a header of the message. It stays there in retries, and is not passed on to what follows the task.
   * @throws LigatureError `INVALID_OPTION` for a name that belongs to Celery, Ligature or the broker, for another kind of value, and once the message is sent
   */
  setHeader(name: string, value: string | number | boolean | null): void;
}

/**
 * Wraps the sending of each task. `next()` resolves when the broker has it. What it throws before that is why the task is not
 * sent; what it throws after that is only logged.
 */
export type SendInterceptor = (call: SendCall<never>, next: Next) => Promise<Passed<object>>;
