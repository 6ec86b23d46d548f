import type { TaskEvent } from "../events/index.ts";

/** What earlier events of a task said: Celery names a task and its queue only once. */
export interface KnownTask {
  name: string | undefined;
  queue: string | undefined;
  retries: number | undefined;
  /** Epoch milliseconds. */
  sentAt: number | undefined;
  receivedAt: number | undefined;
  startedAt: number | undefined;
}

/** The tasks that were heard of last; a bounded number of them. */
export class KnownTasks {
  readonly #tasks = new Map<string, KnownTask>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(id: string): KnownTask | undefined {
    return this.#tasks.get(id);
  }

  learn(event: TaskEvent): KnownTask {
    const known = this.#tasks.get(event.id) ?? this.#add(event.id);
    known.name ??= event.name;
    known.queue = event.queue ?? known.queue;
    if (event.retries !== undefined) known.retries = Math.max(known.retries ?? 0, event.retries);
    if (event.type === "task-sent") known.sentAt ??= event.at;
    if (event.type === "task-received") known.receivedAt = event.at;
    if (event.type === "task-started") known.startedAt = event.at;
    return known;
  }

  /** What was written down earlier. */
  remember(id: string, name: string | undefined, queue: string | undefined, retries: number): void {
    const known = this.#tasks.get(id) ?? this.#add(id);
    known.name ??= name;
    known.queue ??= queue;
    if (retries >= 0) known.retries = Math.max(known.retries ?? 0, retries);
  }

  #add(id: string): KnownTask {
    const known: KnownTask = {
      name: undefined,
      queue: undefined,
      retries: undefined,
      sentAt: undefined,
      receivedAt: undefined,
      startedAt: undefined,
    };
    this.#tasks.set(id, known);
    if (this.#tasks.size > this.#limit) {
      for (const oldest of this.#tasks.keys()) {
        this.#tasks.delete(oldest);
        break;
      }
    }
    return known;
  }
}
