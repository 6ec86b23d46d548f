import type { Message } from "../../../protocol/index.ts";
import { resultExchange, taskExchange } from "../../broker.ts";
import type { WrittenRoute } from "./delay-ladder.ts";
import type { Declaration } from "./topology.ts";

/** Celery's remote control; declared as kombu does (kombu/pidbox.py: fanout, not durable, not auto-delete). */
export const controlExchange = "celery.pidbox";

/** n.b. publishing to an exchange that doesn't exist closes the channel, with everything unconfirmed on it. */
export function existingExchange(name: string): Declaration {
  return {
    key: `exchange ${name}`,
    what: `exchange "${name}"`,
    async run(channel) {
      await channel.checkExchange(name);
    },
  };
}

export const declaredTaskExchange: Declaration = {
  key: `exchange ${taskExchange}`,
  what: `exchange "${taskExchange}"`,
  async run(channel) {
    await channel.assertExchange(taskExchange, "topic");
  },
};

export const declaredResultExchange: Declaration = {
  key: `exchange ${resultExchange}`,
  what: `exchange "${resultExchange}"`,
  async run(channel) {
    await channel.assertExchange(resultExchange, "direct");
  },
};

export const declaredControlExchange: Declaration = {
  key: `exchange ${controlExchange}`,
  what: `exchange "${controlExchange}"`,
  async run(channel) {
    await channel.assertExchange(controlExchange, "fanout", { durable: false });
  },
};

const taskExchangeOnly: readonly Declaration[] = [declaredTaskExchange];
const resultExchangeOnly: readonly Declaration[] = [declaredResultExchange];
const nothing: readonly Declaration[] = [];

/** Where a message goes that isn't delayed. */
export function directRoute({ exchange, routingKey }: Pick<Message, "exchange" | "routingKey">): WrittenRoute {
  return { exchange, routingKey, requires: requirementsOf(exchange) };
}

/** What must exist before something is published to an exchange. The same lists each time: this is asked for every message. */
function requirementsOf(exchange: string): readonly Declaration[] {
  switch (exchange) {
    case "":
      return nothing;
    case taskExchange:
      return taskExchangeOnly;
    case resultExchange:
      return resultExchangeOnly;
    default:
      return [existingExchange(exchange)];
  }
}
