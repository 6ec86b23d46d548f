import type { Signature } from "../signature/index.ts";
import type { AsyncResult } from "./async-result.ts";

/** A contract's task, `contract.name`. */
interface TaskLike {
  readonly taskName: string;
  readonly "~result"?: (() => unknown) | undefined;
  readonly "~errors"?: (() => unknown) | undefined;
}

/** A remote task, `app.remote(contract).name`. */
interface RemoteLike {
  (...args: never): Promise<unknown>;
  readonly "~sends"?: (() => unknown) | undefined;
}

/** What says which task a result is of: a contract's task, a remote one, or a signature that ends in it. */
export type Attachable = TaskLike | RemoteLike | Signature<never, unknown>;

/** What such a task returns. */
export type AttachedResult<T> = T extends (...args: never) => Promise<infer Result>
  ? Result
  : T extends { readonly "~result"?: (() => infer Result) | undefined; readonly taskName: string }
    ? Result
    : T extends { readonly "~out"?: (() => infer Out) | undefined }
      ? Out
      : never;

type AttachedErrors<T> = T extends {
  readonly "~sends"?: (() => readonly [infer Errors, unknown]) | undefined;
  readonly delay: unknown;
}
  ? Errors
  : T extends { readonly "~errors"?: (() => infer Errors) | undefined; readonly taskName: string }
    ? Errors
    : {};

type AttachedProgress<T> = T extends {
  readonly "~sends"?: (() => readonly [unknown, infer Progress]) | undefined;
  readonly delay: unknown;
}
  ? Progress
  : unknown;

/** The result of a task that was sent elsewhere. A remote task also says what its progress reports are. */
export type Attached<T> = AsyncResult<AttachedResult<T>, AttachedErrors<T>, AttachedProgress<T>>;
