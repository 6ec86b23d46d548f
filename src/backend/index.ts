/** Result backends: where results go, and how callers learn of them. */
import type { Broker } from "../broker/index.ts";
import type { Logger } from "../logging/index.ts";
import type { ResultBackend } from "./backend.ts";
export type { ResultAddress, ResultBackend, Watch } from "./backend.ts";
export interface BackendOptions {
  /** The app's name; part of the reply queue's. */
  readonly name: string;
  readonly broker: Broker;
  readonly log: Logger;
  /** Milliseconds that a result nobody fetched is kept, and a reply queue without owner survives. */
  readonly resultExpires: number;
}
/** @throws LigatureError `INVALID_OPTION` for a URL that no backend understands (`memory://`, `rpc://`). */
export function openBackend(url: string, options: BackendOptions): ResultBackend {
  throw new Error(String([url, options]));
}
