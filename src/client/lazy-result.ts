import type {
  AsyncResult,
  ChildResult,
  GroupMember,
  GroupResult,
  Outcome,
  RevokeOptions,
  TaskState,
  WaitOptions,
} from "./async-result.ts";
import type { Asked, AskedGroup } from "./attach.ts";
import type { KeptGroup, KeptResult } from "./kept-result.ts";

type AnyResult = AsyncResult<unknown, unknown, unknown>;
type AnyGroup = GroupResult<readonly unknown[]>;

/** A result that a program asks for before its app is loaded: each question goes to the handle, once that is there. */
export class LazyResult implements AnyResult {
  readonly id: string;
  readonly taskName: string;
  readonly parent: undefined = undefined;
  readonly duplicate: boolean = false;
  readonly #handle: Promise<AnyResult>;

  constructor({ task, kept }: Asked, handle: Promise<AnyResult>) {
    this.id = kept.id;
    this.taskName = task.spec.name;
    this.#handle = handle;
    // Who asks hears of it.
    handle.catch(() => {});
  }

  async get(options?: WaitOptions): Promise<unknown> {
    return (await this.#handle).get(options);
  }

  async settle(options?: WaitOptions): Promise<Outcome<unknown, unknown>> {
    return (await this.#handle).settle(options);
  }

  async state(options?: WaitOptions): Promise<TaskState> {
    return (await this.#handle).state(options);
  }

  async ready(options?: WaitOptions): Promise<boolean> {
    return (await this.#handle).ready(options);
  }

  progress(): AsyncIterable<unknown> {
    // n.b. asked for now: reports from now on are meant, not from the first read.
    const stream = this.#handle.then((handle) => handle.progress());
    stream.catch(() => {});
    return (async function* () {
      yield* await stream;
    })();
  }

  async children(options?: WaitOptions): Promise<readonly ChildResult[]> {
    return (await this.#handle).children(options);
  }

  async revoke(options?: RevokeOptions): Promise<void> {
    return (await this.#handle).revoke(options);
  }

  async forget(options?: WaitOptions): Promise<void> {
    return (await this.#handle).forget(options);
  }

  async keep(options?: WaitOptions): Promise<KeptResult> {
    return (await this.#handle).keep(options);
  }

  toJSON(): { readonly id: string; readonly task: string } {
    return { id: this.id, task: this.taskName };
  }
}

/** The same for a group. */
export class LazyGroup implements AnyGroup {
  readonly id: string;
  readonly results: readonly LazyResult[];
  readonly parent: undefined = undefined;
  readonly #handle: Promise<AnyGroup>;

  constructor({ id, members }: AskedGroup, handle: Promise<AnyGroup>) {
    this.id = id;
    this.#handle = handle;
    this.results = Object.freeze(
      members.map(
        (member, index) =>
          new LazyResult(
            member,
            handle.then(({ results }) => results[index] as AnyResult),
          ),
      ),
    );
    handle.catch(() => {});
  }

  async get(options?: WaitOptions): Promise<readonly unknown[]> {
    return (await this.#handle).get(options);
  }

  async settle(options?: WaitOptions): Promise<readonly Outcome<unknown>[]> {
    return (await this.#handle).settle(options);
  }

  async completed(options?: WaitOptions): Promise<number> {
    return (await this.#handle).completed(options);
  }

  async ready(options?: WaitOptions): Promise<boolean> {
    return (await this.#handle).ready(options);
  }

  async successful(options?: WaitOptions): Promise<boolean> {
    return (await this.#handle).successful(options);
  }

  async failed(options?: WaitOptions): Promise<boolean> {
    return (await this.#handle).failed(options);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<GroupMember<unknown>, void, undefined> {
    yield* await this.#handle;
  }

  async revoke(options?: RevokeOptions): Promise<void> {
    return (await this.#handle).revoke(options);
  }

  async forget(options?: WaitOptions): Promise<void> {
    return (await this.#handle).forget(options);
  }

  async keep(options?: WaitOptions): Promise<KeptGroup> {
    return (await this.#handle).keep(options);
  }

  toJSON(): { readonly group: string; readonly members: readonly { readonly id: string; readonly task: string }[] } {
    return { group: this.id, members: this.results.map((result) => result.toJSON()) };
  }
}
