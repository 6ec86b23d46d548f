import { setImmediate } from "node:timers";
import type { Logger } from "../../logging/index.ts";
import type { Message } from "../../protocol/index.ts";
import type { Consumer } from "../broker.ts";
import { copyMessage } from "./message-copy.ts";

/** What all may read from the first message on, and nobody takes out: the oldest goes when there is too much. */
export class Journal {
  readonly #maxBytes: number;
  readonly #readers = new Set<JournalReader>();
  #messages: Message[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  put(message: Message): void {
    this.#messages.push(message);
    this.#bytes += message.body.byteLength;
    for (const reader of this.#readers) reader.deliver(message);
    if (this.#bytes <= this.#maxBytes) return;
    // A tenth at a time, as RabbitMQ drops whole segments.
    let dropped = 0;
    while (this.#bytes > this.#maxBytes * 0.9 && dropped < this.#messages.length) {
      this.#bytes -= (this.#messages[dropped] as Message).body.byteLength;
      dropped += 1;
    }
    this.#messages = this.#messages.slice(dropped);
  }

  read(reader: JournalReader): void {
    this.#readers.add(reader);
    for (const message of this.#messages) reader.deliver(message);
  }

  leave(reader: JournalReader): void {
    this.#readers.delete(reader);
  }
}

export class JournalReader implements Consumer {
  readonly #onMessage: (message: Message) => void;
  readonly #onClosed: (reader: JournalReader) => void;
  readonly #log: Logger;
  #cancelled = false;
  #closed = false;

  constructor(
    on: { readonly message: (message: Message) => void; readonly closed: (reader: JournalReader) => void },
    log: Logger,
  ) {
    this.#onMessage = on.message;
    this.#onClosed = on.closed;
    this.#log = log;
  }

  deliver(message: Message): void {
    // n.b. imported, not global: a test that fakes the global timers fakes time, and delivering isn't about time.
    setImmediate(() => {
      if (this.#cancelled) return;
      try {
        this.#onMessage(copyMessage(message));
      } catch (error) {
        this.#log.error({ err: error }, "the reader of a journal threw");
      }
    });
  }

  get active(): boolean {
    return !this.#cancelled;
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelled = true;
    this.#onClosed(this);
  }
}
