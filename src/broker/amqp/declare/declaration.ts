import type { Channel } from "amqplib";

/** Something that must exist in the broker before something else can be done: queues, exchanges, bindings. */
export interface Declaration {
  /** Declarations with one key are the same declaration. */
  readonly key: string;
  /** For errors: `queue "images"`. */
  readonly what: string;
  /** The queue to declare again when a consumer finds it gone. */
  readonly queue?: string;
  /** Declared again after every reconnect, by itself; others when they are next needed. */
  readonly lasting?: boolean;
  /** Not remembered: who asks for it again wants it declared again. */
  readonly momentary?: boolean;
  /** The channel is its own while it runs, and may be closed by the broker's refusal. */
  run(channel: Channel): Promise<void>;
  /** The opposite, of what can be undone. */
  revert?(channel: Channel): Promise<void>;
}
