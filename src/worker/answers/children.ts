import type { Start } from "../../protocol/index.ts";

/** Ids that a stored result names as its children at most. */
const mostChildren = 1000;

/**
 * What a request has sent, as its stored result tells it: Celery's result tuples, `[[id, parent], null]` (celery.result,
 * `AsyncResult.as_tuple`).
 */
export class Children {
  readonly #ids: string[] = [];

  add(ids: readonly string[]): void {
    this.#ids.push(...ids.slice(0, mostChildren - this.#ids.length));
  }

  addAll({ messages }: Start): void {
    this.add(messages.map(({ message }) => message.id));
  }

  tuples(): readonly unknown[] {
    return this.#ids.map((id) => [[id, null], null]);
  }
}
