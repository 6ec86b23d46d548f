/** A module, or what is made of some, that is loaded when it is first needed. Who asks once it is there needn't wait. */
export class Lazy<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;
  #now: T | undefined;

  /** @param load `() => import("./module.ts")`, spelt out, so that bundlers see it */
  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** What is there already. */
  static of<T>(value: T): Lazy<T> {
    const lazy = new Lazy<T>(async () => value);
    lazy.#now = value;
    return lazy;
  }

  /** Undefined until it is loaded. */
  get now(): T | undefined {
    return this.#now;
  }

  /** Loads it, once; after a failure, such as a file that can't be read, again. */
  load(): Promise<T> {
    this.#loading ??= this.#load().then(
      (loaded) => {
        this.#now = loaded;
        return loaded;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }
}
