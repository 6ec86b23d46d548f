import type { LogLevel } from "../../logging/index.ts";
import type { Packed, WireException, WireFailure } from "../../protocol/index.ts";

/** What a child is told of the request whose handler it runs. */
export interface RequestFacts {
  readonly id: string;
  readonly task: string;
  readonly rootId: string;
  readonly parentId: string | undefined;
  readonly retries: number;
  readonly queue: string;
  readonly redelivered: boolean;
  /** Epoch milliseconds. */
  readonly deadline: number | undefined;
  readonly failure: WireFailure | undefined;
  /** What interceptors have added to the context, by name; undefined for what can't be handed over. */
  readonly added: Readonly<Record<string, Packed | undefined>>;
}

/** A handler, or one of its hooks, that a child runs. Everything in it can be cloned. */
export type Job =
  | { readonly kind: "run"; readonly key: string; readonly args: readonly Packed[]; readonly request: RequestFacts }
  | {
      readonly kind: "hook";
      readonly key: string;
      readonly hook: HookName;
      readonly args: readonly Packed[];
      readonly request: Pick<RequestFacts, "id" | "task" | "retries">;
      readonly outcome: Outcome;
    }
  /** Loads the module, nothing else. */
  | { readonly kind: "load" }
  /** Ends what is open, then the child. */
  | { readonly kind: "end" };

export type HookName = "onSuccess" | "onFailure" | "onRetry";

/** An error on its way between a worker and its child. */
export type WireThrown =
  | { readonly kind: "error"; readonly exception: WireException; readonly traceback: string | null; readonly coded: boolean }
  /** The reason that `ctx.signal` was aborted with. */
  | { readonly kind: "reason" }
  /** By `ctx.retry()`, with what it was given. */
  | { readonly kind: "retry"; readonly options: unknown; readonly cause?: WireThrown };

/** How a job ended. */
export type Outcome =
  | { readonly returned: Packed }
  | { readonly thrown: WireThrown }
  /** The module can't be used, so nothing ran. */
  | { readonly unusable: string };

/** What a module exports by default: `function`, or the members of an object; `other` is nothing of use. */
export type ModuleShape = Readonly<Record<string, "function" | "other" | Readonly<Record<string, "function" | "other">>>>;

export type ToChild = { readonly type: "job"; readonly job: Job } | { readonly type: "abort"; readonly reason: WireThrown };

export type FromChild =
  | { readonly type: "loaded"; readonly shape: ModuleShape }
  /** The handler has been called. */
  | { readonly type: "began" }
  | { readonly type: "progress"; readonly value: Packed }
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly fields: object;
      readonly bindings: object;
      readonly message: string;
    }
  /** Ids of the tasks that the handler has sent. */
  | { readonly type: "sent"; readonly ids: readonly string[] }
  /** With the bytes that the child's process holds. */
  | { readonly type: "done"; readonly outcome: Outcome; readonly memory: number }
  /** The child ends since nothing has caught this. */
  | { readonly type: "uncaught"; readonly problem: string };

/** Where a child sends what it has to say. */
export type Send = (message: FromChild) => void;
