import { randomUUID } from "node:crypto";
import type { Consumer } from "../../broker/index.ts";
import type { Logger } from "../../logging/index.ts";
import { asLongAsItTakes, type RevocationLog } from "../../outgoing/index.ts";
import { decodeRevocation, type Message } from "../../protocol/index.ts";
import { after, deferred, settlesWithin, type Timer } from "../../timing/index.ts";
import type { Revoked } from "../request/index.ts";

/** Milliseconds that a start waits for what was revoked before. Reading 50,000 takes about a second. */
const catchUpTimeout = 10_000;
/** Milliseconds after which what was only broadcast is written down, unless somebody else does it before; the half of it at least. */
const writeDownAfter = 2000;
/** Ids in one entry. */
const idsPerEntry = 1000;

/**
 * Keeps a worker's revocations in step with the log: reads what was revoked before it started, and writes down what reached
 * it by broadcast only, as Celery's `revoke` does.
 */
export class KnownRevocations {
  readonly #source: RevocationLog;
  readonly #revoked: Revoked;
  readonly #log: Logger;
  readonly #caughtUp = deferred<void>();
  /** Heard by broadcast, and not met in the log. */
  readonly #unwritten = new Set<string>();
  readonly #mark: string = randomUUID();
  #timer: Timer | undefined;
  #closed = false;

  constructor(source: RevocationLog, revoked: Revoked, log: Logger) {
    this.#source = source;
    this.#revoked = revoked;
    this.#log = log;
  }

  /** @returns undefined where the broker has no log */
  async follow(): Promise<Consumer | undefined> {
    const consumer = await this.#source.follow((message) => this.#onEntry(message), asLongAsItTakes);
    if (consumer === undefined) return undefined;
    return {
      get active() {
        return consumer.active;
      },
      cancel: () => consumer.cancel(),
      close: () => this.#close(consumer),
    };
  }

  /** Resolves when all is known that was revoked until now, or it takes too long. */
  async catchUp(): Promise<void> {
    const marked = this.#source.write({ mark: this.#mark }).then(() => this.#caughtUp.promise);
    if (await settlesWithin(marked, catchUpTimeout)) return;
    this.#log.warn({}, "the log of revocations isn't read yet; the worker starts, and may run what was revoked before");
  }

  /** They reached this worker by broadcast. */
  heard(ids: Iterable<string>): void {
    for (const id of ids) this.#unwritten.add(id);
    if (this.#unwritten.size === 0 || this.#closed) return;
    // Every worker has heard it, and one is enough to write it.
    this.#timer ??= after(writeDownAfter * (0.5 + Math.random() / 2), () => void this.#writeDown(), { ref: false });
  }

  async #writeDown(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#unwritten];
    this.#unwritten.clear();
    const now = Date.now();
    try {
      for (let start = 0; start < ids.length; start += idsPerEntry) {
        await this.#source.revoke(ids.slice(start, start + idsPerEntry), now);
      }
    } catch (error) {
      if (this.#closed) return;
      this.#log.warn({ err: error, ids: ids.length }, "revocations could not be written down; trying again");
      this.heard(ids);
    }
  }

  #onEntry(message: Message): void {
    try {
      const entry = decodeRevocation(message);
      if ("mark" in entry) {
        if (entry.mark === this.#mark) this.#caughtUp.resolve();
        return;
      }
      const now = Date.now();
      for (const id of entry.ids) {
        this.#unwritten.delete(id);
        this.#revoked.ids.add(id, now, entry.until);
      }
      for (const root of entry.roots ?? []) this.#revoked.roots.add(root, now, entry.until);
    } catch (error) {
      this.#log.warn({ err: error }, "unreadable entry in the log of revocations ignored");
    }
  }

  /** What was heard a moment ago is written now: nobody else may have heard it. */
  async #close(consumer: Consumer): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await consumer.close();
    if (this.#unwritten.size > 0) await this.#writeDown();
  }
}
