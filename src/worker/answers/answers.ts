import { parseWith } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import {
  chordPartOf,
  exceptionToWire,
  failureOf,
  packValue,
  type Packed,
  type Outgoing,
  type TaskMessage,
  type TaskState,
  withLastRun,
} from "../../protocol/index.ts";
import type { TaskRef } from "../../signature/index.ts";
import { ChordAnswers } from "./chord-answers.ts";
import { allSettled, type AnswersEnvironment } from "./outbox.ts";

/**
 * Everything that others learn of one request: its result, its successors, its error callbacks, its part in a chord.
 * Each method resolves when all of that is confirmed. Publishes of one ending overlap; none waits for another.
 */
export class Answers {
  /** What the request has sent: its handler meanwhile, and its successors. */
  readonly children: Children = new Children();
  readonly #message: TaskMessage;
  readonly #queue: string;
  readonly #env: AnswersEnvironment;
  readonly #ignoreResult: boolean;
  readonly #chords: ChordAnswers;

  constructor(message: TaskMessage, queue: string, env: AnswersEnvironment, options: { readonly ignoreResult: boolean }) {
    this.#message = message;
    this.#queue = queue;
    this.#env = env;
    this.#ignoreResult = options.ignoreResult;
    this.#chords = new ChordAnswers(message, queue, env);
  }

  /**
   * The result, to whoever awaits it, to every callback, to the next step of the chain, to the chord.
   * @param fingerprint of the contract whose schema the result was parsed with
   */
  async success(result: Packed, fingerprint: string | undefined): Promise<void> {
    const part = chordPartOf(this.#message);
    const work: Promise<void>[] = [];
    const starts = this.#successors(result, work);
    for (const start of starts) this.children.addAll(start);
    await allSettled([
      ...work,
      ...starts.map((start) => this.#env.outbox.start(start, this.#queue)),
      ...(part === undefined ? [] : [this.#chords.succeed(part, result)]),
      this.#store("SUCCESS", result, { fingerprint }),
    ]);
  }

  /**
   * The error, to whoever awaits this task or a later step of its chain, to the error callbacks, to the chords.
   * @param expired when the request expired, if that is why it isn't tried again
   */
  async failure(error: unknown, expired?: Date): Promise<void> {
    const { errbacks } = this.#message.embed;
    const end = this.#end("FAILURE", error, expired);
    if (errbacks === null) return allSettled(end);
    const failure = failureOf(this.#message, error);
    const starts = errbacks.map((errback, index) =>
      this.#env.outbox.successor(errback, { failure }, { parent: this.#message, position: `link_error ${index}` }),
    );
    await allSettled([...starts.map((start) => this.#env.outbox.start(start, this.#queue)), ...end]);
  }

  /** Revoked or expired: no error callback, as with Celery; what was to come after it will not come either. */
  async revoked(error: LigatureError): Promise<void> {
    await allSettled(this.#end("REVOKED", error));
  }

  /** The same request once more, after `delay` milliseconds, in the queue that it came from. */
  async retry(error: unknown, delay: number): Promise<void> {
    const thrown = exceptionToWire(error);
    const { exception, traceback } = thrown;
    const again: TaskMessage = {
      ...withLastRun(this.#message, thrown),
      retries: this.#message.retries + 1,
      eta: delay > 0 ? new Date(Date.now() + delay) : undefined,
      countdown: undefined,
    };
    // In this order: when it can't be sent again, it has failed, which must stay its latest state.
    await this.#store("RETRY", { json: exception }, { traceback });
    await this.#env.outbox.send({ message: again, route: { exchange: "", routingKey: this.#queue }, delay }, this.#queue);
  }

  /** A report that doesn't fit, or can't be sent, is dropped: it must not disturb the handler. */
  async progress(task: TaskRef, value: unknown): Promise<void> {
    try {
      const { progress } = task.spec;
      if (progress === undefined)
        throw new LigatureError("INVALID_OPTION", `${task.spec.name} declares no progress in its contract.`);
      const parsed = await parseWith(progress, value);
      if (!parsed.ok)
        throw new LigatureError(
          "INVALID_RESULT",
          `A progress report of ${task.spec.name} doesn't fit its contract: ${parsed.issues[0]?.message}`,
        );
      await this.#store("PROGRESS", packValue(parsed.value, false), { fingerprint: task.fingerprint });
    } catch (error) {
      this.#env.log.warn({ task: this.#message.task, id: this.#message.id, err: error }, "a progress report was dropped");
    }
  }

  /** @param work what else is to be waited for */
  #successors(result: Packed, work: Promise<void>[]): readonly Outgoing[] {
    const { callbacks, chain } = this.#message.embed;
    const { outbox } = this.#env;
    const starts = (callbacks ?? []).map((callback, index) =>
      outbox.successor(callback, { result }, { parent: this.#message, position: `link ${index}` }),
    );
    const next = chain?.at(-1);
    if (chain === null || next === undefined) return starts;
    // What can't follow ends the chain.
    const otherwise = (error: unknown): void => void work.push(this.#chords.cancel(chain, "FAILURE", error));
    const from = { parent: this.#message, position: "next" };
    return [...starts, outbox.successor(next, { result, chain: chain.slice(0, -1) }, from, otherwise)];
  }

  /** The same exception for this task and all that was to come after it, since none of that will run. */
  #end(status: "FAILURE" | "REVOKED", error: unknown, expired?: Date): Promise<void>[] {
    const { exception: thrown, traceback } = exceptionToWire(error);
    const ligature = { ...thrown.ligature, expired: expired?.toISOString() };
    const exception = expired === undefined ? thrown : { ...thrown, ligature };
    const part = chordPartOf(this.#message);
    return [
      this.#store(status, { json: exception }, { traceback }),
      this.#chords.cancel(this.#message.embed.chain ?? [], status, error),
      ...(part === undefined ? [] : [this.#chords.fail(part, error)]),
    ];
  }

  async #store(
    status: TaskState,
    value: Packed,
    more: { readonly traceback?: string | null; readonly fingerprint?: string | undefined },
  ): Promise<void> {
    if (this.#ignoreResult) return;
    const { id, replyTo, correlationId, group: groupId, parentId } = this.#message;
    const to = { replyTo, correlationId, groupId, parentId };
    await this.#env.outbox.store({ id, status, value }, to, { ...more, children: this.children.tuples() });
  }
}

/** Ids that a stored result names as its children at most. */
const mostChildren = 1000;

/**
 * What a request has sent, as its stored result tells it: Celery's result tuples, `[[id, parent], null]` (celery.result,
 * `AsyncResult.as_tuple`).
 */
class Children {
  readonly #ids: string[] = [];

  add(ids: readonly string[]): void {
    this.#ids.push(...ids.slice(0, mostChildren - this.#ids.length));
  }

  addAll({ messages }: Outgoing): void {
    this.add(messages.map(({ message }) => message.id));
  }

  tuples(): readonly unknown[] {
    return this.#ids.map((id) => [[id, null], null]);
  }
}
