import { isLastingRefusal, persist } from "../broker/index.ts";
import type { QueueSpec } from "../contract/index.ts";
import type { Logger } from "../logging/index.ts";
import { recordOf, type OpenOnce } from "../once/index.ts";
import { asLongAsItTakes, type Publisher } from "../outgoing/index.ts";
import {
  composeSignature,
  newTaskMessage,
  outgoingOf,
  owedIds,
  type Outgoing,
  type OutgoingMessage,
  type WireSignature,
} from "../protocol/index.ts";
import { knownTask, tasksIn, type SignatureData } from "../signature/index.ts";

/** Milliseconds for which a tick is known by its id. */
const tickRemembered = 86_400_000;

/** What a schedule sends: a signature of this program, or one that is kept for it. */
export type Sent = { readonly data: SignatureData } | { readonly wire: WireSignature };

/** Sends ticks: always the same messages, with the same ids, for the same tick. */
export class Ticks {
  readonly #publisher: Publisher;
  readonly #defaultQueue: string;
  readonly #log: Logger;
  /** Undefined where there is no store. */
  readonly #openOnce: OpenOnce | undefined;

  constructor(options: {
    readonly publisher: Publisher;
    readonly defaultQueue: string;
    readonly log: Logger;
    readonly openOnce: OpenOnce | undefined;
  }) {
    this.#publisher = options.publisher;
    this.#defaultQueue = options.defaultQueue;
    this.#log = options.log;
    this.#openOnce = options.openOnce;
  }

  /** Resolves when the broker has it, or refuses it for good, which is logged. @param id the task's */
  async send(id: string, sent: Sent): Promise<void> {
    const outgoing = this.#compose(id, sent);
    const [only] = outgoing.messages;
    const queues = queuesOf(sent, outgoing);
    try {
      await this.#publisher.declare(queues, asLongAsItTakes);
      const publish = (message: OutgoingMessage): Promise<void> =>
        this.#publisher.publish(message, () => queues, asLongAsItTakes);
      if (outgoing.messages.length === 1 && outgoing.chords.length === 0 && only !== undefined && this.#runsOnce(only)) {
        await this.#sendOnce(id, only, publish);
      } else await this.#publisher.start(outgoing, asLongAsItTakes, publish);
    } catch (error) {
      if (!isLastingRefusal(error)) throw error;
      this.#log.error({ id, err: error }, "a tick can't be delivered; it is left out");
    }
  }

  #compose(id: string, sent: Sent): Outgoing {
    const newId = owedIds({ id, generation: 0 }, "tick");
    const now = Date.now();
    if ("data" in sent) return composeSignature(sent.data, { now, newId, taskId: id, replyTo: undefined });
    const { wire } = sent;
    const own = wire.subtask_type === null ? { ...wire, options: { ...wire.options, task_id: id } } : wire;
    const parent = newTaskMessage({ id, task: "ligature.schedule" });
    const { chords, messages } = outgoingOf(own, { now, newId, parent, defaultQueue: this.#defaultQueue });
    return {
      chords,
      messages: messages.map(({ message, ...rest }) => ({ ...rest, message: { ...message, parentId: undefined } })),
    };
  }

  /** Whether its workers recognise it by its id. */
  #runsOnce({ message }: OutgoingMessage): boolean {
    const spec = knownTask(message.task)?.task.spec;
    return this.#openOnce !== undefined && spec !== undefined && spec.ack === "late" && spec.queue.owner === "ligature";
  }

  async #sendOnce(id: string, outgoing: OutgoingMessage, publish: (message: OutgoingMessage) => Promise<void>): Promise<void> {
    const keys = await (this.#openOnce as OpenOnce)();
    const { message, ...rest } = outgoing;
    const record = recordOf(message.task, id);
    const claimed = await persist(() => keys.claim({ record, id, window: tickRemembered }, "tick", true), this.#log);
    if (claimed.kind !== "first" && !(claimed.kind === "known" && claimed.unsent)) return;
    const { until } = claimed;
    await publish({ ...rest, message: { ...message, once: { key: id, until, optional: true } } });
    await persist(() => keys.sent({ record, id, until }), this.#log);
  }
}

function queuesOf(sent: Sent, { messages }: Outgoing): readonly QueueSpec[] {
  if ("data" in sent) return [...tasksIn(sent.data)].map(({ task }) => task.spec.queue);
  return messages.flatMap(({ message }) => knownTask(message.task)?.task.spec.queue ?? []);
}
