import { setImmediate } from "node:timers";
import type { Logger } from "../../logging/index.ts";
import type { Message } from "../../protocol/index.ts";
import type { Consumer } from "../broker.ts";
import { copyMessage } from "./message-copy.ts";

/** One receiver of broadcasts; each gets a copy of its own. */
export class BroadcastConsumer implements Consumer {
  readonly #onMessage: (message: Message) => void;
  readonly #onClosed: (consumer: BroadcastConsumer) => void;
  readonly #log: Logger;
  #cancelled = false;
  #closed = false;

  constructor(
    on: { readonly message: (message: Message) => void; readonly closed: (consumer: BroadcastConsumer) => void },
    log: Logger,
  ) {
    this.#onMessage = on.message;
    this.#onClosed = on.closed;
    this.#log = log;
  }

  deliver(message: Message): void {
    if (this.#cancelled) return;
    const copy = copyMessage(message);
    setImmediate(() => {
      if (this.#cancelled) return;
      try {
        this.#onMessage(copy);
      } catch (error) {
        this.#log.error({ err: error }, "A subscriber threw an error when it was handed a broadcast.");
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
