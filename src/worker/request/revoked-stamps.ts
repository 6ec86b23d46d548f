/** More values of one stamp than Celery's users revoke; the oldest are forgotten. */
const rememberAtMost = 50_000;

/** What `revoke_by_stamped_headers` named, until the worker ends, as in Celery (celery.worker.state). */
export class RevokedStamps {
  readonly #values = new Map<string, Set<unknown>>();
  #size = 0;

  add(name: string, values: readonly unknown[]): void {
    let known = this.#values.get(name);
    if (known === undefined) this.#values.set(name, (known = new Set()));
    for (const value of values) {
      if (known.has(value)) continue;
      known.add(value);
      this.#size++;
    }
    while (this.#size > rememberAtMost) this.#forgetOldest();
  }

  /** Whether any of a request's stamps is revoked. */
  hasAny(stamps: ReadonlyMap<string, readonly unknown[]>): boolean {
    if (this.#size === 0) return false;
    for (const [name, values] of stamps) {
      const revoked = this.#values.get(name);
      if (revoked !== undefined && values.some((value) => revoked.has(value))) return true;
    }
    return false;
  }

  #forgetOldest(): void {
    for (const [name, values] of this.#values) {
      for (const value of values) {
        values.delete(value);
        this.#size--;
        if (values.size === 0) this.#values.delete(name);
        return;
      }
    }
  }
}
