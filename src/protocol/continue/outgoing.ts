import type { Route, TaskMessage } from "../task/index.ts";

/** A message that is about to be published. */
export interface OutgoingMessage {
  readonly message: TaskMessage;
  readonly route: Route;
  /** Milliseconds to wait in the broker. */
  readonly delay: number;
}

/** A chord whose header is about to be published. */
export interface OutgoingChord {
  readonly groupId: string;
  /** How many members its header has; at least one. */
  readonly size: number;
}

/** Everything that is to be published to start a signature. */
export interface Outgoing {
  /** To be opened before any of the messages is sent. */
  readonly chords: readonly OutgoingChord[];
  readonly messages: readonly OutgoingMessage[];
}
