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
  /** ISO 8601. */
  readonly eta?: string;
  /** Seconds, or ISO 8601. */
  readonly expires?: number | string;
  /** Seconds. */
  readonly time_limit?: number;
  readonly soft_time_limit?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly link?: readonly WireSignature[];
  readonly link_error?: readonly WireSignature[];
  readonly ignore_result?: boolean;
  readonly [option: string]: unknown;
}

/** Celery's JSON form of a signature (celery.canvas.Signature). */
export interface WireSignature {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: WireSignatureOptions;
  /** null for a task, `"chain"` for a chain (steps in `kwargs.tasks`), … */
  readonly subtask_type: string | null;
  readonly immutable: boolean;
}
