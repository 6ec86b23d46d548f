/**
 * Names of keys, as Celery has them (celery.backends.base, BaseKeyValueStoreBackend).
 *
 * In a cluster, all keys of one chord must be in one slot, for they change together: there its id stands in braces. Celery
 * doesn't speak to clusters, so no program that looks for its own names is kept from finding them.
 */
export class Keys {
  readonly #prefix: string;
  readonly #cluster: boolean;

  constructor(prefix: string, cluster: boolean) {
    this.#prefix = prefix;
    this.#cluster = cluster;
  }

  /** A task's result; also the channel on which it is published. */
  task(id: string): string {
    return `${this.#prefix}celery-task-meta-${id}`;
  }

  /** The id in a channel's name; undefined when it is none of ours. */
  idOf(channel: string): string | undefined {
    const start = this.task("");
    return channel.startsWith(start) ? channel.slice(start.length) : undefined;
  }

  /** What a group consists of. */
  group(id: string): string {
    return `${this.#prefix}celery-taskset-meta-${id}`;
  }

  /** What joins a chord's header. */
  chord(groupId: string): ChordKeys {
    const base = this.group(this.#cluster ? `{${groupId}}` : groupId);
    return { size: `${base}.s`, extra: `${base}.t`, parts: `${base}.j`, meta: `${base}.m`, claim: `${base}.c` };
  }
}

export interface ChordKeys {
  /** Celery's: how many members the header has. Set when the last of them is sent, or, by Ligature, before the first. */
  readonly size: string;
  /** Celery's: how many more there are. A number beyond reach says that the chord has failed. */
  readonly extra: string;
  /** Celery's: a sorted set of `[1, id, state, result]`, scored by place. */
  readonly parts: string;
  /** Ours: superjson's annotations of results that have some, by task id. */
  readonly meta: string;
  /** Ours: who is ending the chord. */
  readonly claim: string;
}
