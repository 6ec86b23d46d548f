import { randomUUID } from "node:crypto";
import type { EventSource, SourceListener, System } from "@ligature/monitor";

export type Fields = Readonly<Record<string, unknown>>;

/** A program that sends events, numbered as Ligature's are, or not, as Celery's. */
export class Sender {
  readonly host: string;
  readonly boot: string | undefined;
  #seq = 0;
  #clock = 0;

  constructor(host: string, { numbered = true }: { readonly numbered?: boolean } = {}) {
    this.host = host;
    this.boot = numbered ? randomUUID() : undefined;
  }

  /** One event. `fields` may say any of it otherwise. */
  event(type: string, fields: Fields = {}): Fields {
    const numbers = this.boot === undefined ? {} : { boot: this.boot, seq: ++this.#seq };
    return {
      type,
      hostname: this.host,
      timestamp: Date.now() / 1000,
      pid: 1,
      clock: ++this.#clock,
      utcoffset: 0,
      ...numbers,
      ...fields,
    };
  }

  /** The events of one task that succeeds, or that fails with `exception`. */
  task(fields: Fields & { readonly uuid: string; readonly name: string }, exception?: string): readonly Fields[] {
    const { uuid } = fields;
    const end =
      exception === undefined
        ? this.event("task-succeeded", { uuid, runtime: 0.03, result: "42" })
        : this.event("task-failed", { uuid, exception, traceback: `${exception}\n    at made-up.js:1:1`, runtime: 0.03 });
    return [
      this.event("task-received", { retries: 0, root_id: uuid, parent_id: null, ...fields }),
      this.event("task-started", { uuid }),
      end,
    ];
  }
}

/** A system that says what a test wants to be said, and writes down what it is told. */
export class MadeUpSystem {
  readonly revoked: { readonly ids: readonly string[]; readonly terminate: boolean }[] = [];
  readonly queues: Map<string, { readonly ready: number; readonly consumers: number }> = new Map();
  /** Why it can't be told anything. */
  refusal: Error | undefined;
  /** What the monitor has taken over. */
  settled = 0;
  #listener: SourceListener | undefined;

  readonly #source: EventSource = {
    address: "a made-up broker",
    listen: (listener) => {
      this.#listener = listener;
      listener.onConnected();
    },
    close: async () => {
      this.#listener = undefined;
    },
  };

  readonly #system: System = {
    queues: async (names) => new Map([...this.queues].filter(([name]) => names.includes(name))),
    revoke: async (ids, terminate) => {
      if (this.refusal !== undefined) throw this.refusal;
      this.revoked.push({ ids, terminate });
    },
    close: async () => undefined,
  };

  readonly parts: { readonly source: EventSource; readonly system: System } = { source: this.#source, system: this.#system };

  /** One message with these events. */
  say(...events: readonly unknown[]): void {
    this.#listener?.onEvents(events, () => void (this.settled += events.length));
  }

  lose(reason: string): void {
    this.#listener?.onLost(reason);
  }

  comeBack(): void {
    this.#listener?.onConnected();
  }
}
