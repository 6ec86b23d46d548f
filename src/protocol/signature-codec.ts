import type { SignatureData, TaskRef, TaskSignatureData } from "../signature/index.ts";
import type { WireSignature } from "./wire-signature.ts";
import type { Route, TaskMessage, WireFailure } from "./task-message.ts";
import type { Packed } from "./values.ts";

/** A signature made ready to send: the first message, its route, and whose result is the whole's. */
export interface Composed {
  readonly message: TaskMessage;
  readonly route: Route;
  /** Milliseconds to wait in the broker (countdown, or eta from `now`). */
  readonly delay: number;
  /** Id of the last step: the id of the AsyncResult. */
  readonly resultId: string;
  /** The task whose result that is. */
  readonly resultTask: TaskRef;
}
/** A contract's route for a task, unless `queue` overrides it: our topic exchange, or a Celery app's queue by name. */
export function routeOfTask(task: TaskRef, queue?: string): Route {
  throw new Error(String([task, queue]));
}
/** Where a wire signature wants to go; `defaultQueue` when it doesn't say. */
export function routeOf(signature: WireSignature, defaultQueue: string): Route {
  throw new Error(String([signature, defaultQueue]));
}
/** For embed.callbacks and the like: carries its own routing, so that any worker publishes it rightly. */
export function signatureToWire(data: SignatureData): WireSignature {
  throw new Error(String(data));
}
/** @param context ids to inherit from a running request, reply queue, deadline; `newId` makes UUIDs */
export function composeSignature(
  data: SignatureData,
  context: {
    readonly now: number;
    readonly newId: () => string;
    readonly replyTo: string | undefined;
    readonly rootId?: string | undefined;
    readonly parentId?: string | undefined;
    readonly deadline?: number | undefined;
    readonly ignoreResult?: boolean | undefined;
    readonly taskId?: string | undefined;
  },
): Composed {
  throw new Error(String([data, context] satisfies [SignatureData | TaskSignatureData, unknown]));
}
/** The message that a worker publishes for a callback, error callback or next chain step of a finished request. */
export function successorMessage(
  signature: WireSignature,
  context: {
    readonly now: number;
    readonly newId: () => string;
    readonly parent: TaskMessage;
    /** The parent's result; given to mutable signatures. */
    readonly result?: Packed | undefined;
    /** Why an error callback is sent. */
    readonly failure?: WireFailure | undefined;
    /** The rest of the chain, last first. */
    readonly chain?: readonly WireSignature[] | undefined;
    readonly defaultQueue: string;
  },
): { readonly message: TaskMessage; readonly route: Route; readonly delay: number } {
  throw new Error(String([signature, context]));
}
