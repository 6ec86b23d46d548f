import type { TaskMessage } from "../../protocol/index.ts";
import type { Settlement, Taken } from "../request/index.ts";

/** How long, and how many: a message that was settled comes again, if ever, when the connection is back. */
const rememberFor = 3600 * 1000;
const rememberAtMost = 10_000;

/** Which requests run in this worker, and which it has concluded: so that what is delivered again isn't run again. */
export class Ledger {
  readonly #running = new Map<string, Taken>();
  readonly #concluded = new Map<string, { readonly settlement: Settlement; readonly until: number }>();

  begin(message: TaskMessage, taken: Taken): void {
    this.#running.set(keyOf(message), taken);
  }

  /** @param concluded everything that the request owes was sent, and confirmed */
  end(message: TaskMessage, taken: Taken, concluded: boolean): void {
    const key = keyOf(message);
    if (this.#running.get(key) === taken) this.#running.delete(key);
    const { settlement } = taken;
    if (!concluded || settlement === undefined || settlement === "requeue") return;
    this.#concluded.delete(key);
    this.#concluded.set(key, { settlement, until: Date.now() + rememberFor });
    // A Map keeps insertion order, so the oldest is the first.
    if (this.#concluded.size <= rememberAtMost) return;
    const [oldest] = this.#concluded.keys();
    if (oldest !== undefined) this.#concluded.delete(oldest);
  }

  running(message: TaskMessage): Taken | undefined {
    return this.#running.get(keyOf(message));
  }

  /** How a request was settled that this worker has concluded. */
  concluded(message: TaskMessage): Settlement | undefined {
    const found = this.#concluded.get(keyOf(message));
    return found === undefined || found.until < Date.now() ? undefined : found.settlement;
  }
}

/** A retry is another run of the request, and so is what was sent again from the dead letters. */
function keyOf({ id, retries, generation }: TaskMessage): string {
  return `${id} ${retries} ${generation}`;
}
