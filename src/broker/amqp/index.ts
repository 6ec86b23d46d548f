/**
 * The broker on RabbitMQ 3.10 to 4.x, by amqplib. What RabbitMQ is told, in which order, and what is done when it
 * goes away:
 *
 * Two connections, each of which comes back by itself (connection/): one publishes and declares, one consumes, opened
 * at the first consumer. RabbitMQ blocks whole connections that publish while it is low on memory or disk, and
 * acknowledgements must still get through then.
 *
 *   publishing connection                              consuming connection
 *   ├─ a confirm channel (publish/)                    ├─ a channel for each consumer (consume/queue-source.ts)
 *   ├─ a channel for declarations (declare/)           └─ a channel for each receiver of broadcasts
 *   ├─ a channel for questions about queues                (consume/broadcast-source.ts)
 *   └─ a channel for each claim (consume/claim.ts)
 *
 * After a connection is lost the publishing one first declares again what queues it knew, then writes again,
 * in order, what was not confirmed (so a message may arrive twice, never not at all), then goes on. Consumers open
 * channels of their own again; what was delivered before comes again, and settling it has no more effect.
 *
 * A refusal of RabbitMQ closes the channel on which it happened. So declarations have a channel apart, one after
 * the other; and what a publish needs (its exchange, or the delay ladder) is looked for before the first one.
 *
 * The wire (codec/): integers in headers are marked, headers are read tolerantly. Delays climb down a ladder of queues
 * (declare/delay-ladder.ts), acknowledgements go in batches (consume/settlements.ts), returned messages are recognised
 * by their content (publish/pending-publish.ts).
 */
import type { Broker, BrokerOptions } from "../broker.ts";
import { parseAddress } from "./connection/index.ts";
import { AmqpBroker } from "./amqp-broker.ts";

/**
 * Opens the broker at once and starts to connect in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that can't be used.
 */
export function openAmqpBroker(urls: string | readonly string[], options: BrokerOptions): Broker {
  return new AmqpBroker(parseAddress(urls, options), options);
}
