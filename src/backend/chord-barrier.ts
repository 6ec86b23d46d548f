import type { ChordMember, OutgoingChord, Packed } from "../protocol/index.ts";

/** The member whose failure ended a chord, where it failed in another worker. */
export interface Culprit {
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
  /** Whether members must say how many they are ({@link ChordMember.size}): it keeps no count itself. @default false */
  readonly needsSize?: boolean;
  /**
   * Called before the header's first message is sent. Idempotent.
   * @param options.giveUpAt epoch milliseconds @default as long as it takes
   */
  open(chord: OutgoingChord, options?: { readonly giveUpAt?: number | undefined }): Promise<void>;
  /**
   * A member has succeeded. Resolves when its result is safe and, if it was the last one missing, when `join` has
   * sent the body; nothing happens when the chord is over already.
   * @param join gets the results of all members, in the header's order
   * @param failed called in place of `join` when another member has failed, in a worker that leaves it to the last of the
   * header to tell so, as Celery's do; `error` is its exception in wire form
   */
  succeed(
    member: ChordMember,
    result: Packed,
    join: (results: readonly Packed[]) => Promise<void>,
    failed: (culprit: Culprit, error: Packed) => Promise<void>,
  ): Promise<void>;
  /**
   * A member has failed for good, which ends the chord at once. Resolves when `fail` has told so, or when nothing is
   * left to tell, because the chord is over already.
   */
  fail(member: ChordMember, error: Packed, fail: () => Promise<void>): Promise<void>;
}
