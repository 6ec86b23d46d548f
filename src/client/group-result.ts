import type { AsyncResult, Outcome, RevokeOptions, WaitOptions } from "./async-result.ts";
import type { GroupResultJson } from "./kept-result.ts";

/** What one member of a group came to. */
export interface GroupMember<out Result> {
  /** Its place in the group, from 0. */
  readonly index: number;
  /** The id of its result. */
  readonly id: string;
  readonly outcome: Outcome<Result>;
}

/** A group that was sent: a result for each member, and all of them together. */
export interface GroupResult<out Results extends readonly unknown[]> extends AsyncIterable<GroupMember<Results[number]>> {
  /** The group's id, which its members' messages carry. */
  readonly id: string;
  /** The members' results, in the group's order. */
  readonly results: { readonly [N in keyof Results]: AsyncResult<Results[N], {}, unknown> };
  /** What the group waited for: the step or the header before it. */
  readonly parent: AsyncResult<unknown, {}, unknown> | GroupResult<readonly unknown[]> | undefined;
  /**
   * Waits for all results, in the group's order.
   * @throws ChordError as soon as one has failed: `member` says which, `cause` is its own error; `LigatureError` `TIMED_OUT` | `ABORTED` | `CLOSED`.
   */
  get(options?: WaitOptions): Promise<Results>;
  /**
   * Waits for all members and returns what each came to, in the group's order.
   * @throws LigatureError only for the wait itself: `TIMED_OUT`, `ABORTED`, `CLOSED`.
   */
  settle(options?: WaitOptions): Promise<{ readonly [N in keyof Results]: Outcome<Results[N]> }>;
  /** How many members are known to have ended, whichever way. */
  completed(): Promise<number>;
  /** Whether all have ended. */
  ready(): Promise<boolean>;
  /** Whether all have succeeded. */
  successful(): Promise<boolean>;
  /** Whether any has failed, or was revoked. */
  failed(): Promise<boolean>;
  /** The members as they end, each once; waits for all of them. */
  [Symbol.asyncIterator](): AsyncIterator<GroupMember<Results[number]>>;
  /** Tells every worker not to start what has not been started; with `terminate` also to stop what runs. */
  revoke(options?: RevokeOptions): Promise<void>;
  /** Deletes what is kept of the members' results for later readers. */
  forget(): Promise<void>;
  /** What `app.attachGroup` takes, in this process or another. From now on the results are kept for that. */
  toJSON(): GroupResultJson;
}
