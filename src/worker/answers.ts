import { randomUUID } from "node:crypto";
import { parseWith } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import {
  exceptionToWire,
  failureOf,
  packValue,
  startOf,
  type Packed,
  type StoredResult,
  type TaskMessage,
  type TaskState,
  type WireFailure,
  type WireSignature,
} from "../protocol/index.ts";
import type { TaskRef } from "../signature/index.ts";
import type { RequestEnvironment } from "./request.ts";

/**
 * Everything that others learn of one request: its result, its successors, its error callbacks. Each method
 * resolves when all of that is confirmed. Publishes of one ending overlap; none waits for another.
 */
export class Answers {
  readonly #message: TaskMessage;
  readonly #queue: string;
  readonly #env: RequestEnvironment;
  readonly #ignoreResult: boolean;

  constructor(message: TaskMessage, queue: string, env: RequestEnvironment, options: { readonly ignoreResult: boolean }) {
    this.#message = message;
    this.#queue = queue;
    this.#env = env;
    this.#ignoreResult = options.ignoreResult;
  }

  /** The result, to whoever awaits it and to every callback; the next step of the chain. */
  async success(result: Packed): Promise<void> {
    const { callbacks, chain } = this.#message.embed;
    const next = chain?.at(-1);
    await this.#all([
      ...(callbacks ?? []).map((callback) => this.#successor(callback, { result })),
      ...(next === undefined ? [] : [this.#successor(next, { result, chain: chain?.slice(0, -1) })]),
      this.#store("SUCCESS", result),
    ]);
  }

  /** The error, to whoever awaits this task or a later step of its chain, and to the error callbacks. */
  async failure(error: unknown): Promise<void> {
    const failure = failureOf(this.#message, error);
    await this.#all([
      ...(this.#message.embed.errbacks ?? []).map((callback) => this.#successor(callback, { failure })),
      ...this.#end("FAILURE", error),
    ]);
  }

  /** Revoked or expired: no error callback, as with Celery; the later steps of the chain will not come either. */
  async revoked(error: LigatureError): Promise<void> {
    await this.#all(this.#end("REVOKED", error));
  }

  /** The same request once more, after `delay` milliseconds, in the queue that it came from. */
  async retry(error: unknown, delay: number): Promise<void> {
    const { exception, traceback } = exceptionToWire(error);
    const again: TaskMessage = {
      ...this.#message,
      retries: this.#message.retries + 1,
      eta: delay > 0 ? new Date(Date.now() + delay) : undefined,
    };
    await this.#all([
      this.#env.outbox.send({ message: again, route: { exchange: "", routingKey: this.#queue }, delay }, this.#queue),
      this.#store("RETRY", { json: exception }, traceback),
    ]);
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
      await this.#store("PROGRESS", packValue(parsed.value, false));
    } catch (error) {
      this.#env.log.warn({ task: this.#message.task, id: this.#message.id, error }, "a progress report was dropped");
    }
  }

  async #successor(signature: WireSignature, given: SuccessorGiven): Promise<void> {
    let owed;
    try {
      owed = startOf(signature, {
        ...given,
        now: Date.now(),
        newId: randomUUID,
        parent: this.#message,
        defaultQueue: this.#env.defaultQueue,
      });
    } catch (error) {
      // Requests with such callbacks are refused before they run (checkSuccessors) and dead-lettered with all they carry.
      this.#env.log.error({ task: signature.task, parent: this.#message.id, error }, "a callback can't be sent");
      return;
    }
    await this.#all(owed.messages.map((message) => this.#env.outbox.send(message, this.#queue)));
  }

  /** The same exception for this task and every later step of its chain, since none of them will run. */
  #end(status: "FAILURE" | "REVOKED", error: unknown): Promise<void>[] {
    const { exception, traceback } = exceptionToWire(error);
    const own = this.#store(status, { json: exception }, traceback);
    const later = (this.#message.embed.chain ?? []).flatMap((step) => {
      const { task_id: id, reply_to: replyTo } = step.options;
      if (id === undefined) return [];
      return this.#env.outbox.store(resultOf(id, status, { json: exception }, traceback), {
        replyTo: replyTo ?? this.#message.replyTo,
        correlationId: id,
      });
    });
    return [own, ...later];
  }

  async #store(status: TaskState, value: Packed, traceback: string | null = null): Promise<void> {
    if (this.#ignoreResult) return;
    await this.#env.outbox.store(resultOf(this.#message.id, status, value, traceback), {
      replyTo: this.#message.replyTo,
      correlationId: this.#message.correlationId,
    });
  }

  /** Waits for all, even when one fails: a half-sent ending must not be acknowledged or retried meanwhile. */
  async #all(work: readonly Promise<void>[]): Promise<void> {
    for (const result of await Promise.allSettled(work)) {
      if (result.status === "rejected") throw result.reason;
    }
  }
}

interface SuccessorGiven {
  readonly result?: Packed;
  readonly failure?: WireFailure;
  readonly chain?: readonly WireSignature[] | undefined;
}

function resultOf(id: string, status: TaskState, value: Packed, traceback: string | null): StoredResult {
  return {
    task_id: id,
    status,
    result: value.json ?? null,
    traceback,
    children: [],
    ...(value.meta !== undefined && { ligature: { meta: value.meta } }),
  };
}
