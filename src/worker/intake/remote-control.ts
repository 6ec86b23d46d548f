import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { decodeControl, type Message } from "../../protocol/index.ts";
import type { Revoked } from "../request/index.ts";
import type { KnownRevocations } from "./known-revocations.ts";
import type { Slots } from "./slots.ts";

/** One command can't name more ids than a worker remembers. */
const mostIds = 50_000;

/** Commands that are broadcast to workers. Ours or Celery's (`app.control.revoke`), they look alike. */
export class RemoteControl {
  readonly #worker: string;
  readonly #slots: Slots;
  readonly #revoked: Revoked;
  readonly #known: KnownRevocations;
  readonly #log: Logger;

  constructor(options: {
    readonly worker: string;
    readonly slots: Slots;
    readonly revoked: Revoked;
    readonly known: KnownRevocations;
    readonly log: Logger;
  }) {
    this.#worker = options.worker;
    this.#slots = options.slots;
    this.#revoked = options.revoked;
    this.#known = options.known;
    this.#log = options.log;
  }

  onMessage(message: Message): void {
    try {
      const command = decodeControl(message);
      if (command.destination !== null && !command.destination.includes(this.#worker)) return;
      if (command.method === "revoke") this.#revoke(command.arguments);
      else if (command.method === "revoke_by_stamped_headers") this.#revokeStamped(command.arguments);
    } catch (error) {
      this.#log.warn({ err: error }, "unreadable remote control command ignored");
    }
  }

  #revoke(args: Readonly<Record<string, unknown>>): void {
    const ids = idsIn(args["task_id"]);
    const roots = idsIn(args["ligature_roots"]);
    const now = Date.now();
    for (const id of ids) this.#revoked.ids.add(id, now);
    for (const root of roots) this.#revoked.roots.add(root, now);
    this.#known.heard(ids);
    this.#stop(args, ({ id, rootId }) => ids.has(id) || roots.has(rootId));
  }

  /** Celery's, since 5.3: all requests that have one of the stamps. */
  #revokeStamped(args: Readonly<Record<string, unknown>>): void {
    const { headers } = args;
    if (typeof headers !== "object" || headers === null) return;
    for (const [name, given] of Object.entries(headers)) {
      const values: readonly unknown[] = Array.isArray(given) ? given : [given];
      this.#revoked.stamps.add(name, values.slice(0, mostIds));
    }
    this.#stop(args, ({ stamps }) => this.#revoked.stamps.hasAny(stamps));
  }

  #stop({ terminate }: Readonly<Record<string, unknown>>, which: Parameters<Slots["abort"]>[1]): void {
    if (terminate !== true) return;
    this.#slots.abort(
      new LigatureError("REVOKED", "The task was revoked while it ran.", { details: { terminated: true } }),
      which,
    );
  }
}

function idsIn(given: unknown): ReadonlySet<string> {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return new Set(list.filter((id): id is string => typeof id === "string").slice(0, mostIds));
}
