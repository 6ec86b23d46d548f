/** How long a revocation is remembered, and how many: Celery's figures (celery.worker.state). */
const rememberFor = 3 * 3600 * 1000;
const rememberAtMost = 50_000;

/** Ids of tasks that must not be started. In memory only, as Celery's: a worker that starts later doesn't know them. */
export class Revocations {
  readonly #until = new Map<string, number>();

  add(id: string, now: number): void {
    this.#until.delete(id);
    this.#until.set(id, now + rememberFor);
    // A Map keeps insertion order, so the oldest revocation is the first.
    if (this.#until.size > rememberAtMost) {
      const [oldest] = this.#until.keys();
      if (oldest !== undefined) this.#until.delete(oldest);
    }
  }

  has(id: string, now: number): boolean {
    const until = this.#until.get(id);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#until.delete(id);
    return false;
  }
}
