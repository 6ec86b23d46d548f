import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { decodeControl, type Message } from "../../protocol/index.ts";
import type { Revocations } from "../request/index.ts";
import type { KnownRevocations } from "./known-revocations.ts";
import type { Slots } from "./slots.ts";

/** One command can't name more ids than a worker remembers. */
const mostIds = 50_000;

/** Commands that are broadcast to workers. Ours or Celery's (`app.control.revoke`), they look alike. */
export class RemoteControl {
  readonly #worker: string;
  readonly #slots: Slots;
  readonly #revocations: Revocations;
  readonly #known: KnownRevocations;
  readonly #log: Logger;

  constructor(options: {
    readonly worker: string;
    readonly slots: Slots;
    readonly revocations: Revocations;
    readonly known: KnownRevocations;
    readonly log: Logger;
  }) {
    this.#worker = options.worker;
    this.#slots = options.slots;
    this.#revocations = options.revocations;
    this.#known = options.known;
    this.#log = options.log;
  }

  onMessage(message: Message): void {
    try {
      const command = decodeControl(message);
      if (command.destination !== null && !command.destination.includes(this.#worker)) return;
      if (command.method === "revoke") this.#revoke(command.arguments);
    } catch (error) {
      this.#log.warn({ err: error }, "unreadable remote control command ignored");
    }
  }

  #revoke(args: Readonly<Record<string, unknown>>): void {
    const given = args["task_id"];
    const ids = new Set(
      (Array.isArray(given) ? given : [given]).filter((id): id is string => typeof id === "string").slice(0, mostIds),
    );
    const now = Date.now();
    for (const id of ids) this.#revocations.add(id, now);
    this.#known.heard(ids);
    if (args["terminate"] !== true) return;
    this.#slots.abort(
      new LigatureError("REVOKED", "The task was revoked while it ran.", { details: { terminated: true } }),
      (id) => ids.has(id),
    );
  }
}
