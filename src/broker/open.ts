import { LigatureError } from "../errors/index.ts";
import { openAmqpBroker } from "./amqp/index.ts";
import type { Broker, BrokerOptions } from "./broker.ts";
import { openMemoryBroker } from "./memory/index.ts";

/**
 * Opens the broker that a URL names, or several, one for each node of one RabbitMQ. Returns at once; connecting goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for a URL that no broker understands.
 */
export function openBroker(urls: string | readonly string[], options: BrokerOptions): Broker {
  const list = typeof urls === "string" ? [urls] : urls;
  const [url = ""] = list;
  const scheme = /^([a-z]+):\/\//.exec(url.trim())?.[1];
  switch (scheme) {
    case "memory":
      if (list.length > 1)
        throw new LigatureError("INVALID_OPTION", "A broker in this process has one URL, memory://, and no others.");
      return openMemoryBroker(url, options);
    case "amqp":
    case "amqps":
      return openAmqpBroker(urls, options);
    default:
      throw new LigatureError(
        "INVALID_OPTION",
        `The broker must be a URL that starts with memory://, amqp:// or amqps://, got ${scheme === undefined ? "none of them" : `${scheme}://`}.`,
      );
  }
}
