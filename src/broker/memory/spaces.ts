import { LigatureError } from "../../errors/index.ts";

/** Something in this process that a `memory://` URL names, held by one who opened it. `release` may be called once. */
export interface Held<T> {
  readonly value: T;
  release(): void;
}

interface Space<T> {
  readonly value: T;
  holders: number;
}

/** @throws LigatureError `INVALID_OPTION` when the name has other characters than letters, digits, `_`, `-` and `.`. */
export function spaceName(url: string): string {
  const name = /^memory:\/\/([\w.-]*)$/.exec(url)?.[1];
  if (name !== undefined) return name;
  throw new LigatureError(
    "INVALID_OPTION",
    `A memory URL is memory:// or memory://<name> with letters, digits, "_", "-" and "." in the name, and there is more in the one given.`,
  );
}

/** What the URLs `memory://` and `memory://<name>` name: made by the first who opens one, discarded by the last who closes it. */
export class MemorySpaces<T extends { discard(): void }> {
  readonly #make: () => T;
  readonly #byName = new Map<string, Space<T>>();

  constructor(make: () => T) {
    this.#make = make;
  }

  /** @throws LigatureError `INVALID_OPTION` when the name has other characters than letters, digits, `_`, `-` and `.`. */
  open(url: string): Held<T> {
    const name = spaceName(url);
    const space = this.#byName.get(name) ?? { value: this.#make(), holders: 0 };
    this.#byName.set(name, space);
    space.holders += 1;
    return {
      value: space.value,
      release: () => {
        space.holders -= 1;
        if (space.holders > 0) return;
        this.#byName.delete(name);
        space.value.discard();
      },
    };
  }
}
