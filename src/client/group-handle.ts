import { ChordError, type LigatureError } from "../errors/index.ts";
import { inWindow } from "../outgoing/index.ts";
import { deferred } from "../timing/index.ts";
import type { GroupMember, GroupResult, Outcome, RevokeOptions, WaitOptions } from "./async-result.ts";
import type { ParentResult, ResultEnvironment, ResultHandle } from "./result-handle.ts";
import { atCaller } from "./at-caller.ts";
import { endOfWait, withinWait } from "./wait.ts";
import { keptVersion, type KeptGroup, type KeptResult } from "./kept-result.ts";

/** How many results are being kept at a time: on `rpc://` each has a queue of its own to be declared. */
const widest = 100;

/** The results of a group's members at the caller, or those of a chord's header. */
export class GroupHandle implements GroupResult<readonly unknown[]> {
  readonly id: string;
  readonly results: readonly ResultHandle[];
  readonly parent: ParentResult | undefined;
  /** Every task of the group and of what came before. */
  readonly #workflow: readonly string[];
  readonly #env: ResultEnvironment;

  constructor(
    id: string,
    results: readonly ResultHandle[],
    options: { readonly parent: ParentResult | undefined; readonly workflow: readonly string[]; readonly env: ResultEnvironment },
  ) {
    this.id = id;
    this.results = Object.freeze(results);
    this.parent = options.parent;
    this.#workflow = options.workflow;
    this.#env = options.env;
  }

  async get(options: WaitOptions = {}): Promise<readonly unknown[]> {
    const values: unknown[] = Array.from({ length: this.results.length });
    for await (const { index, outcome } of this.#members(options)) {
      if (!outcome.ok) throw atCaller(this.#failure(index, outcome.error));
      values[index] = outcome.value;
    }
    return values;
  }

  async settle(options: WaitOptions = {}): Promise<readonly Outcome<unknown>[]> {
    const outcomes: Outcome<unknown>[] = [];
    for await (const { index, outcome } of this.#members(options)) outcomes[index] = outcome;
    return outcomes;
  }

  async completed(options: WaitOptions = {}): Promise<number> {
    const ready = await Promise.all(this.results.map((result) => result.ready(options)));
    return ready.filter(Boolean).length;
  }

  async ready(options: WaitOptions = {}): Promise<boolean> {
    return (await this.completed(options)) === this.results.length;
  }

  async successful(options: WaitOptions = {}): Promise<boolean> {
    return (await this.#states(options)).every((state) => state === "SUCCESS");
  }

  async failed(options: WaitOptions = {}): Promise<boolean> {
    return (await this.#states(options)).some((state) => state === "FAILURE" || state === "REVOKED");
  }

  [Symbol.asyncIterator](): AsyncIterator<GroupMember<unknown>> {
    return this.#members({});
  }

  revoke(options: RevokeOptions = {}): Promise<void> {
    return withinWait(this.#env.revoke(this.#workflow, options.terminate ?? false), options, `revoke() of group ${this.id}`);
  }

  async forget(options: WaitOptions = {}): Promise<void> {
    const forgotten = Promise.all([this.#env.backend.forget?.(this.id), ...this.results.map((result) => result.forget())]);
    await withinWait(forgotten, options, `forget() of group ${this.id}`);
  }

  keep(options: WaitOptions = {}): Promise<KeptGroup> {
    return withinWait(this.#keep(), options, `keep() of group ${this.id}`);
  }

  async #keep(): Promise<KeptGroup> {
    const members: KeptResult[] = [];
    await inWindow([...this.results.entries()], widest, async ([index, result]) => {
      members[index] = await result.keep();
    });
    // For Python's GroupResult.restore; whoever has the JSON doesn't need it.
    await this.#env.backend.saveGroup?.(
      this.id,
      this.results.map(({ id }) => [[id, null], null]),
    );
    return { ligature: keptVersion, group: this.id, members };
  }

  toJSON(): { readonly group: string; readonly members: readonly { readonly id: string; readonly task: string }[] } {
    return { group: this.id, members: this.results.map((result) => result.toJSON()) };
  }

  /** Ends all members that have no result yet. */
  fail(error: LigatureError): void {
    for (const result of this.results) result.fail(error);
  }

  #states(options: WaitOptions): Promise<readonly string[]> {
    return Promise.all(this.results.map((result) => result.state(options)));
  }

  /** As a chord's body fails: both join the same results. */
  #failure(index: number, error: Error): ChordError {
    const { id, taskName } = this.results[index] as ResultHandle;
    const count = this.results.length;
    return new ChordError({
      message: `Member ${index + 1} of ${count} of the group, ${taskName}[${id}], failed with ${error.name}: ${error.message}`,
      member: { index, id, task: taskName },
      cause: error,
    });
  }

  /** One deadline for all. A wait that ends early ends the whole. */
  async *#members(options: WaitOptions): AsyncGenerator<GroupMember<unknown>, void, undefined> {
    const at = endOfWait(options);
    const { signal } = options;
    const ended: number[] = [];
    const broken: (readonly [unknown, ResultHandle])[] = [];
    let arrival = deferred<void>();
    const over = new AbortController();
    const waiting = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    for (const [index, result] of this.results.entries()) {
      result
        .untilSettled(at, waiting)
        .then(
          () => ended.push(index),
          (error: unknown) => broken.push([error, result] as const),
        )
        .finally(() => arrival.resolve());
    }
    try {
      for (let left = this.results.length; left > 0; left -= 1) {
        while (ended.length === 0 && broken.length === 0) {
          await arrival.promise;
          arrival = deferred();
        }
        const index = ended.shift();
        if (index === undefined) {
          const [error, of] = broken[0] as (typeof broken)[number];
          throw atCaller(await of.explain(error));
        }
        const result = this.results[index] as ResultHandle;
        yield { index, id: result.id, outcome: await result.settle() };
      }
    } finally {
      over.abort();
    }
  }
}
