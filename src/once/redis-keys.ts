import type { RedisStore, Script, StoreAnswer, StoreArgument } from "../store/index.ts";
import type { Begun, Claim, Claimed, Joined, NewClaim, OnceKeys } from "./keys.ts";
import {
  beginScript,
  claimScript,
  finishScript,
  freeScript,
  joinScript,
  passScript,
  renewScript,
  sentScript,
  withdrawScript,
} from "./redis-scripts.ts";

/** Keys in Redis: each step is one script. */
export class RedisOnceKeys implements OnceKeys {
  readonly #store: RedisStore;

  constructor(store: RedisStore) {
    this.#store = store;
  }

  async claim(claim: NewClaim, payload: string, willSend: boolean, giveUpAt?: number): Promise<Claimed> {
    const answer = await this.#run(claimScript, claim, [payload, claim.window, willSend ? 1 : 0], giveUpAt);
    const [kind, first, second, state] = answer as readonly [Claimed["kind"], string, string, string];
    switch (kind) {
      case "first":
        return { kind, until: Number(first) };
      case "known":
        return { kind, id: first, until: Number(second), unsent: state === "sending" };
      case "done":
        return { kind, id: first, result: second };
      case "mismatch":
        return { kind, id: first };
    }
  }

  async sent(claim: Claim): Promise<void> {
    await this.#run(sentScript, claim);
  }

  async withdraw(claim: Claim): Promise<void> {
    await this.#run(withdrawScript, claim);
  }

  async join(claim: Claim, replyTo: string | undefined, giveUpAt?: number): Promise<Joined> {
    const [kind, result] = (await this.#run(joinScript, claim, [replyTo ?? ""], giveUpAt)) as readonly [Joined["kind"], string];
    return kind === "done" ? { kind, result } : { kind };
  }

  async begin(claim: Claim, token: string): Promise<Begun> {
    const [kind, detail, replyTo] = (await this.#run(beginScript, claim, [token, claim.until])) as readonly [
      Begun["kind"],
      string,
      readonly string[],
    ];
    switch (kind) {
      case "run":
        return { kind };
      case "held":
        return { kind, wait: Number(detail) };
      case "done":
        return { kind, result: detail, replyTo };
    }
  }

  async renew(claim: Claim, token: string): Promise<void> {
    await this.#run(renewScript, claim, [token, claim.until]);
  }

  async finish(claim: Claim, token: string, result: string): Promise<readonly string[] | undefined> {
    return asQueues(await this.#run(finishScript, claim, [token, claim.until, result]));
  }

  async free(claim: Claim, token: string): Promise<readonly string[] | undefined> {
    return asQueues(await this.#run(freeScript, claim, [token]));
  }

  async pass(claim: Claim, token: string): Promise<void> {
    await this.#run(passScript, claim, [token]);
  }

  #run(
    script: Script,
    { record, id }: Omit<Claim, "until">,
    args: readonly StoreArgument[] = [],
    giveUpAt?: number,
  ): Promise<StoreAnswer> {
    const keys = [this.#store.key("once", record), this.#store.key("once", record, id)];
    return this.#store.run(script, keys, [id, ...args], giveUpAt);
  }
}

function asQueues(answer: StoreAnswer): readonly string[] | undefined {
  return answer === null ? undefined : (answer as readonly string[]);
}
