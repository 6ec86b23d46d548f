import { persist, type Broker, type Claim, type QueueStatus } from "../../broker/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import type { ChordMember, OutgoingChord, Packed } from "../../protocol/index.ts";
import type { ChordBarrier } from "../chord-barrier.ts";
import { collect } from "./collected.ts";
import { chordQueue, encodePartMessage } from "./part-message.ts";

/** A worker can wait for a broker that is away: nothing is acknowledged before this has been done. */
const asLongAsItTakes = Number.POSITIVE_INFINITY;
/**
 * Milliseconds to wait for a claim before looking again. It is there for a queue that was deleted and then declared
 * anew, by a request that ran twice: in that one nothing of ours is, and what comes may have to wait for our slot.
 */
const patience = 10_000;

export interface QueueBarrierOptions {
  readonly broker: Broker;
  readonly log: Logger;
  /** Milliseconds after which the queue of a chord in which nothing happens is deleted. */
  readonly expires: number;
}

/**
 * One queue per chord, in which each member leaves a message when it ends. That queue is all the state there is:
 *
 *   declared        by whoever starts the chord, before the header is sent. Never again: a chord whose queue isn't there is over.
 *   a member ends   its part is published, confirmed; then the parts are counted. Fewer than the header has members:
 *                   somebody else will end the chord, and this member's request is acknowledged.
 *   the last ends   it claims the queue, which gives it all parts, and to nobody else as long as it holds them. All
 *                   there: the body is sent, then the queue is deleted. Some are missing, since requests that ran twice
 *                   left two parts: those are dropped, the others put back, and it counts again.
 *   one has failed  it claims the queue, tells of the failure, and deletes the queue.
 *
 * Why no chord stays without its end: whoever counts does so after its own part is in the queue, so of all who count,
 * the last one counts all; and parts that were in somebody's hands meanwhile, and so weren't counted, are counted by
 * him when he has put them back. Whoever ends the chord acknowledges its own request only afterwards, so when its
 * process dies the request is delivered again, and does all this again. A body may so be sent twice, under one id,
 * when a process dies between sending it and deleting the queue.
 */
export class QueueBarrier implements ChordBarrier {
  readonly needsSize = true;
  readonly #options: QueueBarrierOptions;

  constructor(options: QueueBarrierOptions) {
    this.#options = options;
  }

  async open({ groupId }: OutgoingChord, options: { readonly giveUpAt?: number | undefined } = {}): Promise<void> {
    const { giveUpAt = asLongAsItTakes } = options;
    const { broker, expires } = this.#options;
    const declare = (): Promise<void> => broker.declare({ kind: "temporary", name: chordQueue(groupId), expires }, { giveUpAt });
    try {
      await (giveUpAt === asLongAsItTakes ? this.#persist(declare) : declare());
    } catch (error) {
      // It is open, by an app that keeps results for another time: a request that ran twice has opened it twice.
      if (!hasCode(error, "QUEUE_MISMATCH")) throw error;
    }
  }

  async succeed(member: ChordMember, result: Packed, join: (results: readonly Packed[]) => Promise<void>): Promise<void> {
    const { groupId } = member;
    const size = checkedSize(member);
    if (!(await this.#note(member, "SUCCESS", result))) return;
    const joinOnce = once(join);
    let enough = size;
    for (;;) {
      const ready = await this.#count(groupId);
      if (ready === undefined || ready < enough) return;
      await this.#withClaim(groupId, async (claim) => {
        const { results, ended, superfluous } = collect(claim.messages, size, this.#options.log);
        if (results !== undefined) {
          await joinOnce(results);
          await claim.deleteQueue();
          return;
        }
        await claim.release(superfluous);
        // With a failure among them, whose worker is about to end the chord or comes again, there may be as many as members.
        enough = Math.max(size, ended + 1);
      });
    }
  }

  async fail(member: ChordMember, error: Packed, fail: () => Promise<void>): Promise<void> {
    checkedSize(member);
    const failOnce = once(fail);
    // The claim waits for a message, and finds this one at least.
    while (await this.#note(member, "FAILURE", error)) {
      const told = await this.#withClaim(member.groupId, async (claim) => {
        await failOnce();
        await claim.deleteQueue();
      });
      if (told) return;
    }
  }

  /** Resolves with false when there was nothing to claim. */
  #withClaim(groupId: string, use: (claim: Claim) => Promise<void>): Promise<boolean> {
    return this.#persist(async () => {
      const claim = await this.#options.broker.claim(chordQueue(groupId), { patience });
      if (claim === undefined) return false;
      try {
        await use(claim);
      } catch (error) {
        await claim.release([]).catch(() => {});
        throw error;
      }
      return true;
    });
  }

  /** Resolves with false when the chord is over. */
  async #note(member: ChordMember, status: "SUCCESS" | "FAILURE", value: Packed): Promise<boolean> {
    const { broker, log } = this.#options;
    const part = encodePartMessage(member, status, value);
    try {
      await this.#persist(() => broker.publish(part, { giveUpAt: asLongAsItTakes }));
      return true;
    } catch (error) {
      if (!hasCode(error, "UNROUTABLE")) throw error;
      log.debug({ chord: member.groupId, id: member.taskId }, "the chord is over; this member's end changes nothing");
      return false;
    }
  }

  async #count(groupId: string): Promise<number | undefined> {
    const inspect = (): Promise<QueueStatus | undefined> =>
      this.#options.broker.inspect(chordQueue(groupId), { giveUpAt: asLongAsItTakes });
    return (await this.#persist(inspect))?.ready;
  }

  #persist<T>(attempt: () => Promise<T>): Promise<T> {
    return persist(attempt, this.#options.log);
  }
}

/** @throws LigatureError `UNREADABLE` */
function checkedSize({ groupId, index, size }: ChordMember): number {
  if (size !== undefined && Number.isInteger(size) && Number.isInteger(index) && index >= 0 && index < size) return size;
  throw new LigatureError(
    "UNREADABLE",
    `The chord ${groupId} can't be joined by queues: a member of it doesn't say which of how many it is (index ${index}, size ${size ?? "unknown"}). Celery keeps that in Redis: give the app backend: "redis://…".`,
  );
}

/** What was done stays done when the queue could not be deleted after it. */
function once<Args extends readonly unknown[]>(act: (...args: Args) => Promise<void>): (...args: Args) => Promise<void> {
  let done = false;
  return async (...args) => {
    if (done) return;
    await act(...args);
    done = true;
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof LigatureError && error.code === code;
}
