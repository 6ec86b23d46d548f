import type { Logger } from "../logging/index.ts";

/** What every broker is opened with; limits are compiled by the app, so all are set. Times are milliseconds. */
export interface BrokerOptions {
  /** Shown in the broker's own list of connections. */
  readonly name: string;
  readonly log: Logger;
  /** How long a publish may wait for its confirm when the caller gives no deadline. */
  readonly publishTimeout: number;
  /** The largest body that is sent, in bytes. */
  readonly maxPayload: number;
  /** How many publishes may be unconfirmed or waiting for a connection; more are refused with `NOT_SENT`. */
  readonly maxUnconfirmed: number;
}
