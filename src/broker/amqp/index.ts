import type { Broker } from "../broker.ts";
import type { BrokerOptions } from "../options.ts";
export function openAmqpBroker(url: string, options: BrokerOptions): Broker {
  throw new Error(String([url, options]));
}
