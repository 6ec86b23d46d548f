import { LigatureError } from "../errors/index.ts";
import { openAmqpBroker } from "./amqp/index.ts";
import type { Broker, BrokerOptions } from "./broker.ts";
import { openMemoryBroker } from "./memory/index.ts";

/**
 * Opens the broker that a URL names. Returns at once; connecting goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that no broker understands.
 */
export function openBroker(url: string, options: BrokerOptions): Broker {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1];
  switch (scheme) {
    case "memory":
      return openMemoryBroker(url, options);
    case "amqp":
    case "amqps":
      return openAmqpBroker(url, options);
    default:
      throw new LigatureError(
        "INVALID_OPTION",
        `The broker must be a URL that starts with memory://, amqp:// or amqps://, got ${scheme === undefined ? "none of them" : `${scheme}://`}.`,
      );
  }
}
