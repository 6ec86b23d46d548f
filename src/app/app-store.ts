import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import type { OnceKeys, OpenOnce } from "../once/index.ts";
import type { Store, StoreSource } from "../store/index.ts";

/** The app's store: neither loaded nor opened before something needs it. */
export class AppStore implements StoreSource {
  readonly #url: string | undefined;
  readonly #options: { readonly name: string; readonly log: Logger };
  #opening: Promise<Store> | undefined;
  #once: Promise<OnceKeys> | undefined;
  #isClosed = false;

  readonly openOnce: OpenOnce = async (giveUpAt) => {
    const store = await this.open("idempotency", giveUpAt);
    this.#once ??= import("../once/index.ts").then(({ onceKeys }) => onceKeys(store));
    return this.#once;
  };

  constructor(url: string | undefined, options: { readonly name: string; readonly log: Logger }) {
    this.#url = url;
    this.#options = options;
  }

  async open(user: string, giveUpAt?: number): Promise<Store> {
    const { name } = this.#options;
    if (this.#isClosed) throw new LigatureError("CLOSED", `The app ${name} was closed.`);
    if (this.#url === undefined) {
      throw new LigatureError(
        "STORE_MISSING",
        `${user} needs a store, which the app ${name} doesn't have: createApp({ store: "redis://…" }), or a backend at redis://, which is then the store as well.`,
        { details: { option: "store" } },
      );
    }
    this.#opening ??= this.#open(this.#url);
    const store = await this.#opening;
    await store.ready(giveUpAt);
    return store;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const store = await this.#opening?.catch(() => undefined);
    await store?.close();
  }

  async #open(url: string): Promise<Store> {
    const { openStore } = await import("../store/index.ts");
    return openStore(url, this.#options);
  }
}
