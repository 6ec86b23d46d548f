import type { Broker } from "../broker/index.ts";
import type { Logger } from "../logging/index.ts";

/** What every backend is opened with. */
export interface BackendOptions {
  /** The app's name; part of the reply queue's. */
  readonly name: string;
  /** Carries the results of `rpc://`; whoever opened it closes it, after the backend. */
  readonly broker: Broker;
  readonly log: Logger;
  /** Milliseconds that a result nobody fetched is kept, and a reply queue without owner survives. */
  readonly resultExpires: number;
  /** Milliseconds that a chord in which nothing happens is remembered. @default `resultExpires` */
  readonly chordExpires?: number;
}
