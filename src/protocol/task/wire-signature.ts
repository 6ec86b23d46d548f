import type { TypedValue } from "../values/index.ts";

/** Routing and options that travel inside a signature. All optional; unknown keys of Celery's are kept. */
export interface WireSignatureOptions {
  readonly task_id?: string;
  readonly reply_to?: string;
  readonly root_id?: string;
  readonly parent_id?: string;
  readonly exchange?: string;
  readonly routing_key?: string;
  readonly queue?: string;
  readonly priority?: number;
  /** Seconds. */
  readonly countdown?: number;
  /** ISO 8601, or kombu's datetime. */
  readonly eta?: string | TypedValue;
  /** Seconds, ISO 8601, or kombu's datetime. */
  readonly expires?: number | string | TypedValue;
  /** Seconds. */
  readonly time_limit?: number;
  readonly soft_time_limit?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly link?: readonly WireSignature[];
  readonly link_error?: readonly WireSignature[];
  readonly ignore_result?: boolean;
  /** The group that this is a member of, its place there, and the body that waits for the group. */
  readonly group_id?: string;
  readonly group_index?: number;
  readonly chord?: WireSignature;
  /** The steps behind it, last one first; Celery writes them into a body that more steps follow. */
  readonly chain?: readonly WireSignature[];
  readonly [option: string]: unknown;
}

/** Celery's JSON form of a signature (celery.canvas.Signature). */
export interface WireSignature {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: WireSignatureOptions;
  /**
   * null for a task; `"chain"` and `"group"` (with `kwargs.tasks`); `"chord"` (`kwargs.header`, a group, and `kwargs.body`);
   * from Python also `"xmap"`, `"xstarmap"` and `"chunks"` (`kwargs.task`, `kwargs.it`, `kwargs.n`).
   */
  readonly subtask_type: string | null;
  readonly immutable: boolean;
  /** Of a chord's body, in the members of its header: how many they are. */
  readonly chord_size?: number;
}
