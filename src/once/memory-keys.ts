import {
  leaseTime,
  leastRemembered,
  longestUnfinished,
  type Begun,
  type Claim,
  type Claimed,
  type Joined,
  type NewClaim,
  type OnceKeys,
} from "./keys.ts";

interface OnceRecord {
  readonly id: string;
  readonly until: number;
  state: "sending" | "sent" | "done";
  payload: string | undefined;
  /** Another sender relies on it. */
  shared: boolean;
  holder: string | undefined;
  lease: number;
  result: string;
  /** When it is forgotten. */
  keep: number;
}

interface Replies {
  readonly queues: Set<string>;
  keep: number;
}

/** Calls between two rounds that forget what is over. */
const sweepEvery = 1000;

/** Keys in this process, as in Redis. */
export class MemoryOnceKeys implements OnceKeys {
  readonly #records = new Map<string, OnceRecord>();
  readonly #replies = new Map<string, Replies>();
  #calls = 0;

  async claim({ record, id, window }: NewClaim, payload: string, willSend: boolean): Promise<Claimed> {
    this.#sweep();
    const now = Date.now();
    const found = this.#record(record);
    if (found === undefined || now >= found.until) {
      const until = now + window;
      this.#create(record, id, until, "sending").payload = payload;
      return { kind: "first", until };
    }
    found.payload ??= payload;
    if (found.payload !== payload) return { kind: "mismatch", id: found.id };
    if (found.state === "done") return { kind: "done", id: found.id, result: found.result };
    if (found.state === "sending" && willSend) found.shared = true;
    return { kind: "known", id: found.id, until: found.until, unsent: found.state === "sending" };
  }

  async sent(claim: Claim): Promise<void> {
    const found = this.#own(claim);
    if (found?.state === "sending") found.state = "sent";
  }

  async withdraw(claim: Claim): Promise<void> {
    const found = this.#own(claim);
    if (found?.state === "sending" && found.holder === undefined && !found.shared) this.#records.delete(claim.record);
  }

  async join(claim: Claim, replyTo: string | undefined): Promise<Joined> {
    const found = this.#own(claim);
    if (found === undefined) return { kind: "gone" };
    if (found.state === "done") return { kind: "done", result: found.result };
    if (replyTo !== undefined) {
      const replies = this.#replies.get(claim.id) ?? { queues: new Set(), keep: found.until + longestUnfinished };
      this.#replies.set(claim.id, replies);
      replies.queues.add(replyTo);
    }
    return { kind: "waiting" };
  }

  async begin(claim: Claim, token: string): Promise<Begun> {
    const now = Date.now();
    let found = this.#record(claim.record);
    if (found?.id === claim.id) {
      if (found.state === "done") return { kind: "done", result: found.result, replyTo: this.#queues(claim) };
      if (isHeldByAnother(found, token)) return { kind: "held", wait: found.lease - now };
    } else if ((found !== undefined && now < found.until) || now >= claim.until) return { kind: "run" };
    else found = this.#create(claim.record, claim.id, claim.until, "sent");
    found.state = "sent";
    found.holder = token;
    found.lease = now + leaseTime;
    return { kind: "run" };
  }

  async renew(claim: Claim, token: string): Promise<void> {
    const found = this.#own(claim);
    if (found === undefined || found.holder !== token) return;
    const now = Date.now();
    found.lease = now + leaseTime;
    found.keep = Math.max(found.until, now) + longestUnfinished;
  }

  async finish(claim: Claim, token: string, result: string): Promise<readonly string[] | undefined> {
    const found = this.#own(claim);
    if (found !== undefined) {
      if (isTakenOver(found, token)) return undefined;
      found.state = "done";
      found.holder = token;
      found.result = result;
      found.keep = Math.max(found.until, Date.now() + leastRemembered);
    }
    return this.#queues(claim);
  }

  async free(claim: Claim, token: string): Promise<readonly string[] | undefined> {
    const found = this.#own(claim);
    if (found !== undefined) {
      if (isTakenOver(found, token)) return undefined;
      this.#records.delete(claim.record);
    }
    return this.#queues(claim);
  }

  async pass(claim: Claim, token: string): Promise<void> {
    const found = this.#own(claim);
    if (found?.holder === token && found.state !== "done") found.holder = undefined;
  }

  #create(record: string, id: string, until: number, state: OnceRecord["state"]): OnceRecord {
    const made: OnceRecord = {
      id,
      until,
      state,
      payload: undefined,
      shared: false,
      holder: undefined,
      lease: 0,
      result: "",
      keep: until + longestUnfinished,
    };
    this.#records.set(record, made);
    return made;
  }

  #record(record: string): OnceRecord | undefined {
    const found = this.#records.get(record);
    return found === undefined || found.keep <= Date.now() ? undefined : found;
  }

  #own({ record, id }: Claim): OnceRecord | undefined {
    const found = this.#record(record);
    return found?.id === id ? found : undefined;
  }

  #queues({ id }: Claim): readonly string[] {
    const replies = this.#replies.get(id);
    if (replies === undefined) return [];
    replies.keep = Date.now() + leastRemembered;
    return [...replies.queues];
  }

  #sweep(): void {
    this.#calls += 1;
    if (this.#calls % sweepEvery !== 0) return;
    const now = Date.now();
    for (const [name, { keep }] of this.#records) if (keep <= now) this.#records.delete(name);
    for (const [id, { keep }] of this.#replies) if (keep <= now) this.#replies.delete(id);
  }
}

function isHeldByAnother({ holder, lease }: OnceRecord, token: string): boolean {
  return holder !== undefined && holder !== token && lease > Date.now();
}

function isTakenOver(record: OnceRecord, token: string): boolean {
  return (record.state === "done" && record.holder !== token) || isHeldByAnother(record, token);
}
