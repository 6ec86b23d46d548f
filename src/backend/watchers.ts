import type { Logger } from "../logging/index.ts";
import type { StoredResult } from "../protocol/index.ts";
import type { ResultListener, Watch } from "./backend.ts";

/**
 * Who waits for which id. A busy caller has tens of thousands of these, so one costs one object and a place in
 * the map, no closure and no timer; several watchers of one id, which is rare, form a linked list.
 */
export class Watchers {
  readonly #byId = new Map<string, Watcher>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(id: string, listener: ResultListener): Watcher {
    const watcher = new Watcher(this, id, listener);
    const first = this.#byId.get(id);
    if (first === undefined) {
      this.#byId.set(id, watcher);
      return watcher;
    }
    let last = first;
    while (last.next !== undefined) last = last.next;
    last.next = watcher;
    return watcher;
  }

  /** Those that watch an id now, in the order in which they began. */
  of(id: string): readonly Watcher[] {
    const found: Watcher[] = [];
    for (let watcher = this.#byId.get(id); watcher !== undefined; watcher = watcher.next) found.push(watcher);
    return found;
  }

  /** All who watch anything. */
  *all(): Generator<Watcher> {
    for (const first of this.#byId.values()) {
      for (let watcher: Watcher | undefined = first; watcher !== undefined; watcher = watcher.next) yield watcher;
    }
  }

  /** Hands a result to a watcher, unless it was closed meanwhile. An error that it throws ends nothing else. */
  notify(watcher: Watcher, result: StoredResult): void {
    if (watcher.closed) return;
    try {
      tell(watcher.listener, result);
    } catch (error) {
      this.#log.error({ err: error, id: watcher.id }, "Whoever watches a result threw an error when it was handed the result.");
    }
  }

  remove(watcher: Watcher): void {
    const first = this.#byId.get(watcher.id);
    if (first === watcher) {
      if (watcher.next === undefined) this.#byId.delete(watcher.id);
      else this.#byId.set(watcher.id, watcher.next);
      return;
    }
    for (let before = first; before !== undefined; before = before.next) {
      if (before.next !== watcher) continue;
      before.next = watcher.next;
      return;
    }
  }

  /** Closes all of them. */
  clear(): void {
    for (const watcher of this.all()) watcher.closed = true;
    this.#byId.clear();
  }
}

export function tell(listener: ResultListener, result: StoredResult): void {
  if (typeof listener === "function") listener(result);
  else listener.onResult(result);
}

/** One who waits for one id. */
export class Watcher implements Watch {
  readonly #table: Watchers;
  readonly id: string;
  readonly listener: ResultListener;
  next: Watcher | undefined;
  closed = false;

  constructor(table: Watchers, id: string, listener: ResultListener) {
    this.#table = table;
    this.id = id;
    this.listener = listener;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#table.remove(this);
  }
}
