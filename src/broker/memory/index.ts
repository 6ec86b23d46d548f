/** A broker inside the process, with RabbitMQ's semantics: for tests, examples and programs of one process. */
import type { Broker, BrokerOptions } from "../broker.ts";
import { Hub } from "./hub.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { MemorySpaces } from "./spaces.ts";

export { MemorySpaces, type Held } from "./spaces.ts";

const hubs = new MemorySpaces(() => new Hub());

/**
 * Opens the in-process broker that the URL names: `memory://`, or `memory://<name>` for several
 * that don't meet. All who open one URL share its queues, which live as long as any of them is open.
 *
 * `publishTimeout` and `maxUnconfirmed` have no meaning here, since a publish is confirmed as soon as it is made;
 * neither has a consumer's `holdTimeout`, since a message may stay unsettled for as long as its consumer is open.
 *
 * An open consumer or subscription keeps the process alive, as RabbitMQ's socket would. A message that waits for
 * its time doesn't, nor does a broker that is only published to.
 * @throws LigatureError `INVALID_OPTION` when the name has other characters than letters, digits, `_`, `-` and `.`.
 */
export function openMemoryBroker(url: string, options: BrokerOptions): Broker {
  return new MemoryBroker(url, hubs.open(url), options);
}
