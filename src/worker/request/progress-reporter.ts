import { after, type Timer } from "../../timing/index.ts";

/**
 * Sends a handler's reports, the latest at most once per interval, in order and never blocking it.
 *
 * Idle → (report) → sends at once and waits for the interval → (reports meanwhile) keeps the latest → sends it.
 */
export class ProgressReporter {
  readonly #send: (value: unknown) => Promise<void>;
  readonly #interval: number;
  #timer: Timer | undefined;
  #latest: { readonly value: unknown } | undefined;
  /** The reports so far; undefined before the first. */
  #sending: Promise<void> | undefined;
  #finished = false;

  constructor(interval: number, send: (value: unknown) => Promise<void>) {
    this.#interval = interval;
    this.#send = send;
  }

  report(value: unknown): void {
    // A handler that was given up on may still run, and report; nobody waits for that any more.
    if (this.#finished) return;
    this.#latest = { value };
    if (this.#timer === undefined) this.#flush();
  }

  /** Sends what is left; afterwards nothing is sent any more. The result must not overtake the last report. Nothing to await without reports. */
  finish(): Promise<void> | undefined {
    this.#finished = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    const last = this.#latest;
    this.#latest = undefined;
    if (last !== undefined) this.#append(last.value);
    return this.#sending;
  }

  #append(value: unknown): void {
    const send = (): Promise<void> => this.#send(value);
    this.#sending = this.#sending === undefined ? send() : this.#sending.then(send);
  }

  #flush(): void {
    const next = this.#latest;
    this.#latest = undefined;
    this.#timer = undefined;
    if (next === undefined) return;
    this.#append(next.value);
    this.#timer = after(this.#interval, () => this.#flush());
  }
}
