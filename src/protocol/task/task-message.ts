import type { ErrorCode } from "../../errors/index.ts";
import type { Headers } from "../envelope/index.ts";
import type { WireSignature } from "./wire-signature.ts";

/** Why an error callback was called. Plain JSON, since it travels with the callback; handlers get it as `Failure`. */
export interface WireFailure {
  /** The request that failed. */
  readonly request: { readonly id: string; readonly task: string; readonly args: readonly unknown[]; readonly retries: number };
  readonly error: FailedError & {
    readonly stack?: string | undefined;
    /** Of a `ChordError`: the member of the chord's header that failed. */
    readonly member?: WireFailedMember | undefined;
  };
}

/** An error on its way to an error callback. */
export interface FailedError {
  readonly name: string;
  readonly message: string;
  readonly module?: string | undefined;
  /** Of one of Ligature's own. */
  readonly code?: ErrorCode | undefined;
  /** Of a declared error; `meta` has superjson's annotations. */
  readonly data?: unknown;
  readonly meta?: unknown;
}

/** Why a chord's body will not run. */
export interface WireFailedMember {
  /** Its place in the header, from 0; undefined where a Celery worker has told of it. */
  readonly index?: number | undefined;
  /** The id of its last task. */
  readonly id: string;
  /** The task that failed. */
  readonly task?: string | undefined;
  /** Its own error, as far as it is known. */
  readonly error?: FailedError | undefined;
}

/** The third part of a body: what follows the request. */
export interface Embed {
  readonly callbacks: readonly WireSignature[] | null;
  readonly errbacks: readonly WireSignature[] | null;
  /** The remaining steps of a chain, last one first. */
  readonly chain: readonly WireSignature[] | null;
  readonly chord: WireSignature | null;
  /** Ours; Python workers ignore it. */
  readonly ligature?: {
    /** superjson's annotations of the positional arguments. */
    readonly meta?: unknown;
    readonly failure?: WireFailure;
    /** Of a retry that may come too late to run: what the last run failed with, an exception in Celery's form. */
    readonly lastRun?: LastRun;
  };
}

export interface LastRun {
  readonly exception: unknown;
  readonly traceback: string | null;
}

export interface OnceMark {
  readonly key: string;
  /** When the key is free again, epoch milliseconds. */
  readonly until: number;
  /** A worker without a store runs it all the same: a tick of a schedule, which nobody asked to be sent with a key. */
  readonly optional?: boolean | undefined;
}

/** Where a message is published. */
export interface Route {
  readonly exchange: string;
  readonly routingKey: string;
}

/** One request of Celery's message protocol 2, decoded but not yet held against a contract. */
export interface TaskMessage {
  readonly id: string;
  readonly task: string;
  /** Plain JSON; see {@link Embed.ligature} and `unpackArgs`. */
  readonly args: readonly unknown[];
  /**
   * Header `lang` is `ts`: Ligature wrote all arguments, so what isn't annotated is what it looks like. Of others it is
   * `py` or `js`: what arguments mean, only the schema knows.
   */
  readonly exact: boolean;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly embed: Embed;
  readonly rootId: string;
  readonly parentId: string | undefined;
  readonly retries: number;
  readonly eta: Date | undefined;
  /** Milliseconds to wait, instead of an `eta`, in a message that Python made of a signature (`ligature-countdown`). */
  readonly countdown: number | undefined;
  readonly expires: Date | undefined;
  /** Milliseconds; Celery's `timelimit` header is `[hard, soft]` in seconds. */
  readonly timeLimit: { readonly soft: number | undefined; readonly hard: number | undefined };
  readonly ignoreResult: boolean | undefined;
  readonly replyTo: string | undefined;
  readonly correlationId: string;
  readonly priority: number | undefined;
  readonly group: string | undefined;
  readonly groupIndex: number | undefined;
  /** When the caller stops waiting, epoch milliseconds (`ligature-deadline`). */
  readonly deadline: number | undefined;
  /** How often it, or what it follows, was sent again from the dead letters (`ligature-generation`). */
  readonly generation: number;
  /** Of a send that runs once for all with its key (`ligature-once`). */
  readonly once: OnceMark | undefined;
  /** `ligature-fingerprint` */
  readonly fingerprint: string | undefined;
  /** Annotations of a signature's bound arguments that a foreign worker published (`ligature-meta`). */
  readonly boundMeta: string | undefined;
  /** Celery's stamps, its other name for the task, and the like: its workers, and Flower, look at them. They survive retries. */
  readonly marks: Headers;
  /** Headers that neither Celery nor Ligature owns; they survive retries and are passed on to no successor. */
  readonly headers: Headers;
}
