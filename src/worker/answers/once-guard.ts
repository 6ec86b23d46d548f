import { randomUUID } from "node:crypto";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { leaseTime, recordOf, type Claim, type OnceKeys, type OpenOnce } from "../../once/index.ts";
import { decodeResult, encodeResult, type StoredResult, type TaskMessage } from "../../protocol/index.ts";
import { every, pause, type Timer } from "../../timing/index.ts";

/** What a worker does with a request of a send that runs once. */
export type OnceBegun =
  | { readonly kind: "run" }
  /** It runs elsewhere; it shall be looked at again after so many milliseconds. */
  | { readonly kind: "elsewhere"; readonly wait: number }
  /** It has ended: what it owes is sent again. */
  | { readonly kind: "done"; readonly result: StoredResult; readonly replyTo: readonly string[] };

/** Milliseconds: a run that ends early is noticed. */
const lookAgain = 1000;

/** One delivery's hold on the key of its request, while it runs. */
export class OnceGuard {
  readonly #message: TaskMessage;
  readonly #claim: Claim;
  readonly #open: OpenOnce;
  readonly #log: Logger;
  readonly #token = randomUUID();
  #renewal: Timer | undefined;

  constructor(message: TaskMessage & { readonly once: object }, open: OpenOnce, log: Logger) {
    const { task, id, once } = message as TaskMessage & Required<Pick<TaskMessage, "once">>;
    const { key, until } = once as NonNullable<TaskMessage["once"]>;
    this.#message = message;
    this.#claim = { record: recordOf(task, key), id, until };
    this.#open = open;
    this.#log = log;
  }

  /**
   * Waits for a run that was killed, so long as its lease lasts.
   * @param signal ends the wait
   * @throws LigatureError `STORE_MISSING`
   */
  async begin(signal: AbortSignal): Promise<OnceBegun> {
    const keys = await this.#open();
    const patience = performance.now() + leaseTime;
    for (;;) {
      const begun = await keys.begin(this.#claim, this.#token);
      switch (begun.kind) {
        case "run":
          this.#renewal = every(leaseTime / 3, () => void this.#renew(keys));
          return begun;
        case "done":
          return { kind: "done", result: readResult(begun.result), replyTo: begun.replyTo };
        case "held":
          // n.b. a lease that doesn't end is renewed: its run is alive.
          if (performance.now() > patience || signal.aborted) return { kind: "elsewhere", wait: leaseTime };
          await pause(Math.min(begun.wait + 1, lookAgain), { signal });
      }
    }
  }

  /** @returns to whom else the result is to be sent; undefined when another run's end counts */
  async finish(result: StoredResult): Promise<readonly string[] | undefined> {
    this.stop();
    const { body } = encodeResult(result, "", undefined);
    const keys = await this.#open();
    const replyTo = await keys.finish(this.#claim, this.#token, new TextDecoder().decode(body));
    return this.#others(replyTo);
  }

  /** Without having run. @returns as {@link finish} */
  async free(): Promise<readonly string[] | undefined> {
    this.stop();
    const keys = await this.#open();
    return this.#others(await keys.free(this.#claim, this.#token));
  }

  /** This run is over, and there will be another one. */
  async pass(): Promise<void> {
    if (this.#renewal === undefined) return;
    this.stop();
    const keys = await this.#open();
    await keys.pass(this.#claim, this.#token);
  }

  stop(): void {
    this.#renewal?.cancel();
    this.#renewal = undefined;
  }

  #others(replyTo: readonly string[] | undefined): readonly string[] | undefined {
    if (replyTo !== undefined) return replyTo.filter((each) => each !== this.#message.replyTo);
    const { task, id } = this.#message;
    this.#log.warn(
      { task, id },
      "another worker has taken over this request, since this one didn't renew its lease; its end counts, and this one's is dropped",
    );
    return undefined;
  }

  /** What fails is tried again with the next. */
  async #renew(keys: OnceKeys): Promise<void> {
    try {
      await keys.renew(this.#claim, this.#token);
    } catch (error) {
      if (error instanceof LigatureError && error.code === "CLOSED") return;
      this.#log.warn({ task: this.#message.task, id: this.#message.id, err: error }, "the lease on a key could not be renewed");
    }
  }
}

function readResult(json: string): StoredResult {
  return decodeResult({ body: new TextEncoder().encode(json), properties: { contentType: "application/json" } });
}
