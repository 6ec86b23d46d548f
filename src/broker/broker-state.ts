/**
 * Whether the broker takes what is sent:
 *
 *   connecting  there is no connection yet, or none any more; it is tried again and again.
 *   ready       it takes messages.
 *   blocked     it is low on memory or disk, and takes no messages until that is over. It still hands them out. RabbitMQ says so to a
 *               connection once that publishes, so an idle app learns of it with its next send.
 *   closed      the app is.
 */
export interface BrokerState {
  readonly state: "connecting" | "ready" | "blocked" | "closed";
  /** Why it isn't ready, in the broker's own words, where it is known. */
  readonly reason?: string;
}
