/** What `next()` resolves with, and the only thing that an interceptor may return. */
export interface Passed<out Added extends object = {}> {
  /** What the handler returned, before it is held against the contract; undefined where a task is sent. */
  readonly value: unknown;
  /** Types only. */
  readonly "~adds"?: (() => Added) | undefined;
}

/**
 * Goes on to the next interceptor, and after the last one to the handler, or to the broker. To be called once.
 * @param more what the interceptors after this one, and the handler, find in their context besides
 */
export type Next = <Added extends object = {}>(more?: { readonly context: Added }) => Promise<Passed<Added>>;

/** What an interceptor learns of a task, be it sent or run. */
export interface InterceptedCall<out Context extends object = {}> {
  readonly id: string;
  /** The task's name on the wire. */
  readonly taskName: string;
  /** The first task of the whole workflow. */
  readonly rootId: string;
  /** The task that sent this one, if any. */
  readonly parentId: string | undefined;
  /** 1 is the first run. */
  readonly attempt: number;
  /** The message's own headers: none of those that belong to Celery, Ligature or the broker. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** What the interceptors before this one have added. */
  readonly context: Context;
}
