import type { Message } from "../../protocol/index.ts";
import { after, type Timer } from "../../timing/index.ts";

/** A result in its wire form. */
export type ResultMessage = Pick<Message, "body" | "properties">;

type Listener = (id: string, message: ResultMessage) => void;

/** Who waits gets results at once; this bounds what is kept for those who come later. The oldest goes first. */
const maxStored = 100_000;

interface StoredEntry {
  readonly message: ResultMessage;
  readonly expiresAt: number;
}

/**
 * The last result of each task, in its wire form, and who wants to hear of new ones.
 *
 * A result that is stored again moves to the end of the map, so the map is in order of time, and one
 * unreferenced timer for the first of it is enough. Where apps keep results for different spans, one that
 * expires early may take up space until those before it have expired; it isn't handed out any longer.
 */
export class ResultStore {
  readonly #results = new Map<string, StoredEntry>();
  readonly #listeners = new Set<Listener>();
  #timer: Timer | undefined;

  /** @param expires milliseconds that it is kept */
  set(id: string, message: ResultMessage, expires: number): void {
    this.#results.delete(id);
    this.#results.set(id, { message, expiresAt: performance.now() + expires });
    if (this.#results.size > maxStored) this.#dropFirst();
    this.#arm();
    for (const listener of this.#listeners) listener(id, message);
  }

  get(id: string): ResultMessage | undefined {
    const entry = this.#results.get(id);
    return entry === undefined || entry.expiresAt <= performance.now() ? undefined : entry.message;
  }

  delete(id: string): void {
    this.#results.delete(id);
  }

  /** Hears of every result from now on. */
  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  discard(): void {
    this.#results.clear();
    this.#listeners.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #dropFirst(): void {
    for (const id of this.#results.keys()) {
      this.#results.delete(id);
      return;
    }
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    for (const { expiresAt } of this.#results.values()) {
      const wait = Math.max(Math.ceil(expiresAt - performance.now()), 0);
      this.#timer = after(wait, () => this.#sweep(), { ref: false });
      return;
    }
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [id, { expiresAt }] of this.#results) {
      if (expiresAt > now) break;
      this.#results.delete(id);
    }
    this.#arm();
  }
}
