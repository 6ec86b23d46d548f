import { LigatureError } from "../errors/index.ts";
import { checkPeer, Lazy } from "../peers/index.ts";
import { parseAddress } from "./amqp/connection/address.ts";
import { checkTls } from "./amqp/connection/tls.ts";
import type { Broker, BrokerOptions } from "./broker.ts";
import { spaceName } from "./memory/spaces.ts";

type BrokerKind = "memory" | "amqp";

const openers = {
  memory: new Lazy(async () => {
    const { openMemoryBroker } = await import("./memory/index.ts");
    return ([url = ""]: readonly string[], options: BrokerOptions): Broker => openMemoryBroker(url, options);
  }),
  amqp: new Lazy(async () => (await import("./amqp/index.ts")).openAmqpBroker),
} satisfies Record<BrokerKind, unknown>;

/**
 * What opens the broker that a URL names, or several, one for each node of one RabbitMQ. It loads only that kind of broker, and
 * returns at once; connecting goes on in the background.
 * @throws LigatureError `INVALID_OPTION` for URLs that no broker understands, and when amqplib isn't installed
 */
export function brokerOpener(
  urls: readonly string[],
  options: Pick<BrokerOptions, "tls" | "auth">,
): Lazy<(urls: readonly string[], options: BrokerOptions) => Broker> {
  const kind = brokerKind(urls);
  if (kind === "amqp") {
    const { nodes } = parseAddress(urls, options);
    checkPeer("amqplib");
    for (const node of nodes) checkTls(node);
  }
  return openers[kind];
}

function brokerKind(urls: readonly string[]): BrokerKind {
  const [url = ""] = urls;
  const scheme = /^([a-z]+):\/\//.exec(url.trim())?.[1];
  switch (scheme) {
    case "memory":
      if (urls.length > 1)
        throw new LigatureError("INVALID_OPTION", "A broker in this process has one URL, memory://, and no others.");
      spaceName(url);
      return "memory";
    case "amqp":
    case "amqps":
      return "amqp";
    default:
      throw new LigatureError(
        "INVALID_OPTION",
        `The broker must be a URL that starts with memory://, amqp:// or amqps://, got ${scheme === undefined ? "none of them" : `${scheme}://`}.`,
      );
  }
}
