/**
 * The broker on RabbitMQ 3.10 to 4.x, by amqplib. What RabbitMQ is told, in which order, and what is done when it
 * goes away:
 *
 * Two connections, each of which comes back by itself (link.ts): one publishes and declares, one consumes, opened
 * at the first consumer. RabbitMQ blocks whole connections that publish while it is low on memory or disk, and
 * acknowledgements must still get through then.
 *
 *   publishing connection                              consuming connection
 *   ├─ a confirm channel (publisher.ts)                ├─ a channel for each consumer (consumption.ts, consumer.ts)
 *   ├─ a channel for declarations (topology.ts)        └─ a channel for each subscriber (subscriber.ts)
 *   ├─ a channel for counting (ready-counts.ts)
 *   └─ a channel for each claim (claim.ts)
 *
 * After a connection is lost the publishing one first declares again what queues it knew, then writes again,
 * in order, what was not confirmed (so a message may arrive twice, never not at all), then goes on. Consumers open
 * channels of their own again; what was delivered before comes again, and settling it has no more effect.
 *
 * A refusal of RabbitMQ closes the channel on which it happened. So declarations have a channel apart, one after
 * the other; and what a publish needs (its exchange, or the delay ladder) is looked for before the first one.
 *
 * The wire: integers in headers are marked (write-headers.ts), headers are read tolerantly (read-table.ts,
 * tune-connection.ts), delays climb down a ladder of queues (delay-ladder.ts), acknowledgements go in batches
 * (settlements.ts), returned messages are recognised by their content (find-returned.ts).
 */
import type { Broker } from "../broker.ts";
import type { BrokerOptions } from "../options.ts";
import { parseAddress } from "./address.ts";
import { AmqpBroker } from "./amqp-broker.ts";

/**
 * Opens the broker at once and starts to connect in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that can't be used.
 */
export function openAmqpBroker(url: string, options: BrokerOptions): Broker {
  return new AmqpBroker(parseAddress(url), options);
}
