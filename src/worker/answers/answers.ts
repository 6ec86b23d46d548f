import { parseWith } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import {
  chordPartOf,
  errorFromWire,
  exceptionToWire,
  failureOf,
  packedResult,
  packValue,
  storedResult,
  type Packed,
  type Outgoing,
  type ResultDetails,
  type StoredResult,
  type TaskMessage,
  type TaskState,
  withLastRun,
} from "../../protocol/index.ts";
import type { TaskRef } from "../../signature/index.ts";
import { ChordAnswers } from "./chord-answers.ts";
import type { OnceBegun, OnceGuard } from "./once-guard.ts";
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
  /** Of a send that runs once: made when it is first needed. */
  #guard: Promise<OnceGuard> | undefined;

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
    const work: Promise<void>[] = [];
    const starts = this.#successors(result, work);
    for (const start of starts) this.children.addAll(start);
    const details = { fingerprint, children: this.children.tuples() };
    const others = this.#message.once === undefined ? nobody : await this.#finish("SUCCESS", result, details);
    await allSettled([...work, ...(others === undefined ? [] : this.#succeed(result, starts, details, others))]);
  }

  #succeed(result: Packed, starts: readonly Outgoing[], details: ResultDetails, others: readonly string[]): Promise<void>[] {
    const part = chordPartOf(this.#message);
    return [
      ...starts.map((start) => this.#env.outbox.start(start, this.#queue)),
      ...(part === undefined ? [] : [this.#chords.succeed(part, result)]),
      this.#store("SUCCESS", result, details, others),
    ];
  }

  /**
   * The error, to whoever awaits this task or a later step of its chain, to the error callbacks, to the chords.
   * @param expired when the request expired, if that is why it isn't tried again
   */
  async failure(error: unknown, expired?: Date): Promise<void> {
    const { exception, traceback } = exceptionToWire(error);
    const told =
      expired === undefined ? exception : { ...exception, ligature: { ...exception.ligature, expired: expired.toISOString() } };
    const value = { json: told };
    const details = { traceback, children: this.children.tuples() };
    const others = await this.#finish("FAILURE", value, details);
    if (others !== undefined) await allSettled(this.#fail(error, value, details, others));
  }

  /** What can't be run as it is: as a failure, but its handler hasn't run, so its key, if it has one, is free again. */
  async refused(error: unknown): Promise<void> {
    const { exception, traceback } = exceptionToWire(error);
    const others = await this.#free();
    if (others === undefined) return;
    await allSettled(this.#fail(error, { json: exception }, { traceback, children: this.children.tuples() }, others));
  }

  #fail(error: unknown, value: Packed, details: ResultDetails, others: readonly string[]): Promise<void>[] {
    const { errbacks } = this.#message.embed;
    const end = this.#end("FAILURE", error, value, details, others);
    if (errbacks === null) return end;
    const failure = failureOf(this.#message, error);
    const starts = errbacks.map((errback, index) =>
      this.#env.outbox.successor(errback, { failure }, { parent: this.#message, position: `link_error ${index}` }),
    );
    return [...starts.map((start) => this.#env.outbox.start(start, this.#queue)), ...end];
  }

  /** Revoked or expired: no error callback, as with Celery; what was to come after it will not come either. */
  async revoked(error: LigatureError): Promise<void> {
    const { exception, traceback } = exceptionToWire(error);
    const others = await this.#free();
    if (others === undefined) return;
    await allSettled(this.#end("REVOKED", error, { json: exception }, { traceback, children: this.children.tuples() }, others));
  }

  /**
   * Before a request of a send that runs once is run. Waits for a run that was killed, so long as its lease lasts.
   * @throws LigatureError `STORE_MISSING`
   */
  async begin(signal: AbortSignal): Promise<OnceBegun> {
    try {
      return await (await this.#once()).begin(signal);
    } catch (error) {
      if (this.#message.once?.optional === true && lacksStore(error)) return { kind: "run" };
      throw error;
    }
  }

  /** What such a request owes that had ended already. */
  async repeat(ended: StoredResult, others: readonly string[]): Promise<void> {
    const value = packedResult(ended);
    const { traceback, children } = ended;
    const work: Promise<void>[] = [];
    if (ended.status === "SUCCESS") {
      const starts = this.#successors(value, work);
      const details = { fingerprint: ended.ligature?.fingerprint, children };
      return allSettled([...work, ...this.#succeed(value, starts, details, others)]);
    }
    await allSettled(this.#fail(errorFromWire(ended, undefined), value, { traceback, children }, others));
  }

  /** This run is over, whatever came of it. Never rejects. */
  async leave(): Promise<void> {
    if (this.#guard === undefined) return;
    try {
      const guard = await this.#guard;
      await guard.pass();
    } catch (error) {
      this.#env.log.debug({ id: this.#message.id, err: error }, "a key is left to the end of its lease");
    }
  }

  /** It is run elsewhere: it comes again, after so many milliseconds. */
  async later(wait: number): Promise<void> {
    const message: TaskMessage = { ...this.#message, eta: new Date(Date.now() + wait), countdown: undefined };
    await this.#env.outbox.send({ message, route: { exchange: "", routingKey: this.#queue }, delay: wait }, this.#queue);
  }

  /** Of a send that runs once. */
  #once(): Promise<OnceGuard> {
    const { once } = this.#message;
    if (once === undefined) throw new TypeError("The request has no key.");
    this.#guard ??= import("./once-guard.ts").then(
      ({ OnceGuard }) => new OnceGuard({ ...this.#message, once }, this.#env.openOnce, this.#env.log),
    );
    return this.#guard;
  }

  /** @returns to whom else the result goes; undefined when another run's end counts, and this one's is told to nobody */
  async #finish(status: TaskState, value: Packed, details: ResultDetails): Promise<readonly string[] | undefined> {
    if (this.#message.once === undefined) return nobody;
    try {
      const guard = await this.#once();
      return await guard.finish(storedResult(this.#message.id, status, value, details));
    } catch (error) {
      if (lacksStore(error)) return nobody;
      throw error;
    }
  }

  async #free(): Promise<readonly string[] | undefined> {
    if (this.#message.once === undefined) return nobody;
    try {
      const guard = await this.#once();
      return await guard.free();
    } catch (error) {
      if (lacksStore(error)) return nobody;
      throw error;
    }
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
    await this.leave();
    // In this order: when it can't be sent again, it has failed, which must stay its latest state.
    await this.#store("RETRY", { json: exception }, { traceback });
    await this.#env.outbox.send(
      { message: again, route: { exchange: "", routingKey: this.#queue }, delay },
      this.#queue,
      "retry",
    );
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
  #end(
    status: "FAILURE" | "REVOKED",
    error: unknown,
    value: Packed,
    details: ResultDetails,
    others: readonly string[],
  ): Promise<void>[] {
    const part = chordPartOf(this.#message);
    return [
      this.#store(status, value, details, others),
      this.#chords.cancel(this.#message.embed.chain ?? [], status, error),
      ...(part === undefined ? [] : [this.#chords.fail(part, error)]),
    ];
  }

  async #store(status: TaskState, value: Packed, more: ResultDetails, others: readonly string[] = nobody): Promise<void> {
    if (this.#ignoreResult) return;
    const { id, replyTo, correlationId, group: groupId, parentId } = this.#message;
    const to = { replyTo, correlationId, groupId, parentId };
    const details = { children: this.children.tuples(), ...more };
    await this.#env.outbox.store({ id, status, value }, to, details);
    for (const other of others) {
      await this.#env.outbox.store({ id, status, value }, { replyTo: other, correlationId: id, groupId, parentId }, details);
    }
  }
}

const nobody: readonly string[] = [];

function lacksStore(error: unknown): boolean {
  return error instanceof LigatureError && error.code === "STORE_MISSING";
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
