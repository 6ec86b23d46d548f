/** One send with a key, or the request that came of it. */
export interface Claim {
  /** Of the task and the key that the caller gave: {@link recordOf}. */
  readonly record: string;
  /** The task's id. */
  readonly id: string;
  /** When the window ends, epoch milliseconds by the store's clock. */
  readonly until: number;
}

/** Before its window has begun. */
export interface NewClaim extends Omit<Claim, "until"> {
  /** Milliseconds. */
  readonly window: number;
}

/** What a sender finds. */
export type Claimed =
  /** Nobody has sent with this key: it is for this sender to send. */
  | { readonly kind: "first"; readonly until: number }
  /** Somebody has, or is about to: `unsent` when nobody knows yet that the broker has the request. */
  | { readonly kind: "known"; readonly id: string; readonly until: number; readonly unsent: boolean }
  /** It has ended, with this stored result as JSON. */
  | { readonly kind: "done"; readonly id: string; readonly result: string }
  /** With other arguments or callbacks. */
  | { readonly kind: "mismatch"; readonly id: string };

/** What a later sender finds when it asks to be told of the end. `gone`: the request has ended without having run, so the key is free again. */
export type Joined =
  | { readonly kind: "waiting" }
  | { readonly kind: "done"; readonly result: string }
  | { readonly kind: "gone" };

/** What a worker finds before it runs a request. */
export type Begun =
  | { readonly kind: "run" }
  /** Another run of it is alive, or was killed less than so many milliseconds ago. */
  | { readonly kind: "held"; readonly wait: number }
  | { readonly kind: "done"; readonly result: string; readonly replyTo: readonly string[] };

/** Milliseconds for which a run has its key without renewing it: so long after its worker was killed it is repeated. */
export const leaseTime = 20_000;
/** Milliseconds after the window in which an unfinished request, or whom to tell of its end, is remembered. */
export const longestUnfinished = 86_400_000;
/** Milliseconds after the end in which a redelivered request is recognised, also where the window is shorter. */
export const leastRemembered = 600_000;

/**
 * Keys of sends that run once. A record is in one of these states:
 *
 *   sending   a sender has claimed the key.  sent() ─▶ sent; withdraw() ─▶ none
 *   sent      the broker has the request; while a worker runs it, that has a lease.  finish() ─▶ done; free() ─▶ none
 *   done      the result is kept.  the end of the window ─▶ none
 *
 * After the window the key is free, whatever the state. Each method may be repeated by the same caller.
 */
export interface OnceKeys {
  /**
   * @param claim its window counts from now
   * @param payload what must be the same for all sends
   * @param willSend whether the caller sends, too, when it finds that nobody has sent yet
   */
  claim(claim: NewClaim, payload: string, willSend: boolean, giveUpAt?: number): Promise<Claimed>;
  /** The broker has the request. */
  sent(claim: Claim): Promise<void>;
  /** Nothing was sent: the key is free again, unless another sender relies on it. */
  withdraw(claim: Claim): Promise<void>;
  /** @param replyTo where the end is to be told, if results are sent */
  join(claim: Claim, replyTo: string | undefined, giveUpAt?: number): Promise<Joined>;
  /** @param token of one run */
  begin(claim: Claim, token: string): Promise<Begun>;
  renew(claim: Claim, token: string): Promise<void>;
  /**
   * Keeps the end of a run.
   * @returns to whom else the result is to be sent; undefined when another run has taken over, whose end counts
   */
  finish(claim: Claim, token: string, result: string): Promise<readonly string[] | undefined>;
  /** The request has ended without having run. @returns as `finish` */
  free(claim: Claim, token: string): Promise<readonly string[] | undefined>;
  /** This run has ended, and there will be another one. */
  pass(claim: Claim, token: string): Promise<void>;
}

/** The name of a record: a key is a task's own. */
export function recordOf(task: string, key: string): string {
  return `${task}/${key}`;
}
