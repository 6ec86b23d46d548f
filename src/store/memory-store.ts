import type { Held } from "../broker/memory/index.ts";
import type { MemoryStore } from "./store.ts";

/** What the features of all apps of one `memory://` URL keep. */
export class Spaces {
  readonly #byFeature = new Map<string, object>();

  of<T extends object>(feature: string, make: () => T): T {
    const known = this.#byFeature.get(feature) as T | undefined;
    if (known !== undefined) return known;
    const made = make();
    this.#byFeature.set(feature, made);
    return made;
  }

  discard(): void {
    this.#byFeature.clear();
  }
}

export class InProcessStore implements MemoryStore {
  readonly kind = "memory";
  readonly address: string;
  readonly #held: Held<Spaces>;

  constructor(url: string, held: Held<Spaces>) {
    this.address = url;
    this.#held = held;
  }

  async ready(): Promise<void> {}

  space<T extends object>(feature: string, make: () => T): T {
    return this.#held.value.of(feature, make);
  }

  async close(): Promise<void> {
    this.#held.release();
  }
}
