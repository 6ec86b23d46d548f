import type { Culprit } from "../../backend/index.ts";
import { LigatureError } from "../../errors/index.ts";
import {
  outgoingBody,
  chordError,
  errorFromWire,
  exceptionToWire,
  failureOf,
  neverRun,
  type ChordPart,
  type NeverRun,
  type Packed,
  type TaskMessage,
  type WireSignature,
} from "../../protocol/index.ts";
import { allSettled, type AnswersEnvironment } from "./outbox.ts";

/**
 * What a request's end means to what was to come after it, and won't; and to the chords that it, or a later step of its
 * chain, is a member of.
 */
export class ChordAnswers {
  readonly #message: TaskMessage;
  readonly #queue: string;
  readonly #env: AnswersEnvironment;

  constructor(message: TaskMessage, queue: string, env: AnswersEnvironment) {
    this.#message = message;
    this.#queue = queue;
    this.#env = env;
  }

  /** Leaves this member's result; starts the body, if it was the last one missing. */
  async succeed(part: ChordPart, result: Packed): Promise<void> {
    await this.#env.outbox.chords.succeed(
      part,
      result,
      (results) => this.#startBody(part, results),
      (culprit, error) => this.#failBody(part, toldByBackend(culprit, error)),
    );
  }

  /** Ends the chord, unless it is over. @param error why this member will have no result */
  async fail(part: ChordPart, error: unknown): Promise<void> {
    const { exception } = exceptionToWire(error);
    const { chords } = this.#env.outbox;
    try {
      await chords.fail(part, { json: exception }, () => this.#failBody(part, chordError(part, this.#message.task, error)));
    } catch (problem) {
      if (!(problem instanceof LigatureError) || problem.code !== "UNREADABLE") throw problem;
      // It doesn't say enough about its chord for anybody to end that; its request was refused for it (checkSuccessors).
      this.#env.log.error({ task: this.#message.task, id: this.#message.id, err: problem }, "a chord can't be told of a failure");
    }
  }

  /** Later steps of the chain: their results are this error, and what they were to be members of has failed. */
  async cancel(steps: readonly WireSignature[], status: "FAILURE" | "REVOKED", error: unknown): Promise<void> {
    await allSettled(steps.map((step) => this.#tell(neverRun(step, this.#message), status, error)));
  }

  async #startBody(part: ChordPart, results: readonly Packed[]): Promise<void> {
    try {
      await this.#env.outbox.start(outgoingBody(part, results, this.#env.outbox.contextOf(this.#message)), this.#queue);
    } catch (error) {
      // Too large, with all results together, for one. Whoever waits for the body must learn of it.
      if (!(error instanceof LigatureError) || error.code === "CLOSED") throw error;
      this.#env.log.error({ chord: part.groupId, body: part.body.task, err: error }, "a chord's body can't be sent");
      await this.#failBody(part, error);
    }
  }

  /** In place of the body: its results, its error callbacks, and the chord that it is itself a member of. */
  async #failBody({ body }: ChordPart, error: LigatureError): Promise<void> {
    const unrun = neverRun(body, this.#message);
    const failure = failureOf(unrun.request, error);
    const starts = unrun.errbacks.map((errback) => this.#env.outbox.successor(errback, { failure }, unrun.request));
    await allSettled([...starts.map((start) => this.#env.outbox.start(start, this.#queue)), this.#tell(unrun, "FAILURE", error)]);
  }

  async #tell({ results, parts }: NeverRun, status: "FAILURE" | "REVOKED", error: unknown): Promise<void> {
    const { exception, traceback } = exceptionToWire(error);
    await allSettled([
      ...results.map(({ id, replyTo = this.#message.replyTo }) =>
        this.#env.outbox.store({ id, status, value: { json: exception } }, { replyTo, correlationId: id }, { traceback }),
      ),
      ...parts.map((part) => this.fail(part, error)),
    ]);
  }
}

/** A failure that a Celery worker has left in the result backend. */
function toldByBackend(culprit: Culprit, { json }: Packed): LigatureError {
  const result = { task_id: culprit.taskId, status: "FAILURE", result: json, traceback: null, children: [] } as const;
  return chordError(culprit, undefined, errorFromWire(result, undefined));
}
