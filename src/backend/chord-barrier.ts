import type { Packed } from "../protocol/index.ts";

/** A chord whose header is about to be sent. */
export interface OpenedChord {
  readonly groupId: string;
  /** How many members its header has; at least one. */
  readonly size: number;
}

/** One member of a chord's header, as it ends. */
export interface EndedMember {
  readonly groupId: string;
  /** Its place in the header, from 0; infinity where its message doesn't say. */
  readonly index: number;
  readonly taskId: string;
  /** How many members the header has; undefined in a message of Celery 5, which keeps that in its backend. */
  readonly size: number | undefined;
}

/** A member of a header that has failed elsewhere. */
export interface FailedMember {
  /** Its place in the header, from 0; infinity where that isn't known. */
  readonly index: number;
  readonly taskId: string;
}

/**
 * Joins the results of a chord's header: notes what has come, and lets whoever brings the last one run the body.
 * At least once, across restarts of workers and broker: the request of the member that ends a chord is acknowledged
 * only after `succeed` or `fail` has resolved, so that whatever happens before is repeated.
 */
export interface ChordBarrier {
  /** Whether members must say how many they are ({@link EndedMember.size}): it keeps no count itself. @default false */
  readonly needsSize?: boolean;
  /**
   * Called before the header's first message is sent. Idempotent.
   * @param options.giveUpAt epoch milliseconds @default as long as it takes
   */
  open(chord: OpenedChord, options?: { readonly giveUpAt?: number | undefined }): Promise<void>;
  /**
   * A member has succeeded. Resolves when its result is safe and, if it was the last one missing, when `join` has
   * sent the body; nothing happens when the chord is over already.
   * @param join gets the results of all members, in the header's order
   * @param failed called in place of `join` when another member has failed, in a worker that leaves it to the last of the
   * header to tell so, as Celery's do; `error` is its exception in wire form
   */
  succeed(
    member: EndedMember,
    result: Packed,
    join: (results: readonly Packed[]) => Promise<void>,
    failed: (culprit: FailedMember, error: Packed) => Promise<void>,
  ): Promise<void>;
  /**
   * A member has failed for good, which ends the chord at once. Resolves when `fail` has told so, or when nothing is
   * left to tell, because the chord is over already.
   */
  fail(member: EndedMember, error: Packed, fail: () => Promise<void>): Promise<void>;
}
