import type { Channel } from "amqplib";
import type { QueueSpec } from "../../../contract/index.ts";
import type { Message } from "../../../protocol/index.ts";
import {
  deadLetterQueue,
  entryQueue,
  resultExchange,
  suspectsQueue,
  taskExchange,
  type BatonQueue,
  type DeclaredQueue,
  type JournalQueue,
  type LatestResultQueue,
  type ReplyQueue,
  type TemporaryQueue,
} from "../../broker.ts";
import type { Declaration } from "./topology.ts";
import { messageOf } from "../codec/index.ts";
import { wayTo } from "./delay-ladder.ts";
import { declaredResultExchange } from "./exchanges.ts";

export function declarationOf(queue: DeclaredQueue): Declaration {
  switch (queue.kind) {
    case "task":
      return taskQueue(queue.spec);
    case "suspects":
      return suspects(queue.spec);
    case "reply":
      return replyQueue(queue);
    case "temporary":
      return temporaryQueue(queue);
    case "latest-result":
      return latestResultQueue(queue);
    case "journal":
      return journalQueue(queue);
    case "baton":
      return batonQueue(queue);
  }
}

function taskQueue(spec: QueueSpec): Declaration {
  return {
    key: `queue ${spec.name} ${spec.owner} ${spec.type} ${spec.deliveryLimit} ${String(spec.maxPriority)} ${String(spec.maxLength)}`,
    what: `queue "${spec.name}"`,
    queue: spec.name,
    lasting: true,
    ...(spec.owner === "celery"
      ? { found: async (channel) => void (await channel.checkQueue(spec.name)), run: (channel) => declareAsCelery(channel, spec) }
      : ourQueue(spec)),
  };
}

function ourQueue(spec: QueueSpec): Pick<Declaration, "run" | "instead"> {
  const dead = deadLetterQueue(spec.name);
  return {
    run: (channel) => declareOurs(channel, spec, spec.type === "quorum" && limitsDeliveries(channel) ? unlimited : {}),
    instead: {
      isFor: ({ code, reason }) => code === 406 && reason.includes(`'${dead}'`) && reason.includes("x-delivery-limit"),
      why: `Queue "${dead}" counts deliveries, so that RabbitMQ drops a dead letter that was only looked at 20 times. It is used as it is; a policy takes the limit away (deployment guide, "RabbitMQ versions").`,
      run: (channel) => declareOurs(channel, spec, {}),
    },
  };
}

/** Dead letters never go by being read: from RabbitMQ 4.0 on a quorum queue has a limit of 20 deliveries by itself. */
const unlimited = { "x-delivery-limit": -1 };

/** n.b. RabbitMQ before 4.0 refuses a negative limit, and versions of Ligature that are in use there declare none. */
function limitsDeliveries(channel: Channel): boolean {
  const version = /^\d+/.exec(channel.connection.serverProperties.version)?.[0];
  return Number(version) >= 4;
}

/**
 * As a Celery app does with the same type, argument by argument, or that app could not declare it any more. Its exchange is
 * the app's to declare, since that has the type which the app's settings give it; we send past it, to the queue by its name.
 */
async function declareAsCelery(channel: Channel, { name, type, maxPriority }: QueueSpec): Promise<void> {
  await channel.assertQueue(name, {
    ...priorities(maxPriority),
    ...(type === "quorum" && { arguments: { "x-queue-type": type } }),
  });
}

async function declareOurs(
  channel: Channel,
  spec: QueueSpec,
  deadLetterArguments: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { name, type } = spec;
  const dead = deadLetterQueue(name);
  await channel.assertExchange(taskExchange, "topic");
  // The type is spelt out, since a virtual host can have another default.
  await channel.assertQueue(dead, { arguments: { "x-queue-type": type, ...deadLetterArguments } });
  await channel.assertQueue(name, {
    deadLetterExchange: "",
    deadLetterRoutingKey: dead,
    ...priorities(spec.maxPriority),
    arguments: type === "quorum" ? quorumArguments(spec) : { "x-queue-type": type },
  });
  if (spec.maxLength !== undefined) await declareEntry(channel, spec, spec.maxLength);
  await channel.bindQueue(name, taskExchange, name);
  // Whoever declares a deleted queue again restores the way of the messages that are still delayed.
  await wayTo(name).run(channel);
}

/**
 * n.b. the limit is the entry's, not the queue's: a full queue would hold up the delay ladder, and with it everybody's delays
 * (measured on 3.10: it keeps what the queue refuses, 32 messages block a rung), and Celery doesn't ask for confirms.
 */
async function declareEntry(channel: Channel, spec: QueueSpec, maxLength: number): Promise<void> {
  const { name, type } = spec;
  await channel.assertQueue(entryQueue(name), {
    deadLetterExchange: "",
    deadLetterRoutingKey: deadLetterQueue(name),
    ...priorities(spec.maxPriority),
    maxLength,
    arguments: type === "quorum" ? quorumArguments(spec) : { "x-queue-type": type, "x-overflow": "reject-publish" },
  });
}

/** No limit of deliveries: each that comes again is sent anew, with its count. */
function suspects({ name, type }: QueueSpec): Declaration {
  const queue = suspectsQueue(name);
  return {
    key: `queue ${queue} ${type}`,
    what: `queue "${queue}"`,
    queue,
    lasting: true,
    async run(channel) {
      await channel.assertQueue(queue, {
        deadLetterExchange: "",
        deadLetterRoutingKey: deadLetterQueue(name),
        arguments: { "x-queue-type": type, "x-single-active-consumer": true },
      });
    },
  };
}

function priorities(maxPriority: number | undefined): { readonly maxPriority?: number } {
  return maxPriority === undefined ? {} : { maxPriority };
}

/**
 * RabbitMQ dead-letters when a message *returns* with a count over the limit. So with the contract's limit a
 * delivery whose count has reached it still arrives, and the worker can answer it instead of running it.
 */
function quorumArguments({ deliveryLimit }: QueueSpec): Readonly<Record<string, unknown>> {
  return {
    "x-queue-type": "quorum",
    "x-delivery-limit": deliveryLimit,
    "x-overflow": "reject-publish",
    "x-dead-letter-strategy": "at-least-once",
  };
}

/** RabbitMQ takes 1 to 2³² - 1 milliseconds, 49 days (rabbit_amqqueue, check_expires_arg). */
function lifetime(expires: number): number {
  return Math.min(Math.max(1, expires), 2 ** 32 - 1);
}

/** Durable and shared, since RabbitMQ 4.3 refuses shared transient queues. */
function replyQueue({ name, expires }: ReplyQueue): Declaration {
  return {
    key: `reply queue ${name} ${expires}`,
    what: `reply queue "${name}"`,
    queue: name,
    lasting: true,
    async run(channel) {
      await channel.assertQueue(name, { expires: lifetime(expires), arguments: { "x-queue-type": "classic" } });
    },
  };
}

function temporaryQueue({ name, expires }: TemporaryQueue): Declaration {
  return {
    key: `temporary queue ${name} ${expires}`,
    what: `queue "${name}"`,
    momentary: true,
    async run(channel) {
      // Classic: each name of a quorum queue costs RabbitMQ an atom that it never gives back.
      const type = { "x-queue-type": "classic", "x-single-active-consumer": true };
      await channel.assertQueue(name, { expires: lifetime(expires), arguments: type });
    },
  };
}

/** n.b. from RabbitMQ 4.0 on a quorum queue has a limit of 20 deliveries by itself; before, it takes no negative one. */
function batonQueue({ name }: BatonQueue): Declaration {
  return {
    key: `baton queue ${name}`,
    what: `queue "${name}"`,
    queue: name,
    lasting: true,
    async run(channel) {
      await channel.assertQueue(name, {
        arguments: { "x-queue-type": "quorum", "x-single-active-consumer": true, "x-delivery-limit": 1_000_000_000 },
      });
    },
  };
}

/** Classic, as a temporary queue is. */
function latestResultQueue({ name, key, expires }: LatestResultQueue): Declaration {
  return {
    key: `latest result ${name} ${key} ${expires}`,
    what: `queue "${name}"`,
    momentary: true,
    async run(channel) {
      await declaredResultExchange.run(channel);
      await channel.assertQueue(name, {
        expires: lifetime(expires),
        arguments: { "x-queue-type": "classic", "x-max-length": 1, "x-overflow": "drop-head" },
      });
      await channel.bindQueue(name, resultExchange, key);
    },
  };
}

/** Messages go by whole segments, once these are full. */
const segmentBytes = 1024 * 1024;

/** A stream (RabbitMQ 3.9): reading takes nothing out, and each reader begins where it likes. */
function journalQueue({ name, keep, maxBytes }: JournalQueue): Declaration {
  return {
    key: `journal ${name}`,
    what: `queue "${name}"`,
    queue: name,
    lasting: true,
    async run(channel) {
      await channel.assertQueue(name, {
        arguments: {
          "x-queue-type": "stream",
          "x-max-age": `${Math.ceil(keep / 1000)}s`,
          "x-max-length-bytes": maxBytes,
          "x-stream-max-segment-size-bytes": segmentBytes,
        },
      });
    },
  };
}

export function resultBinding(queue: string, key: string): Declaration {
  return {
    key: `binding ${queue} ${key}`,
    what: `the binding of queue "${queue}" to exchange "${resultExchange}"`,
    queue,
    lasting: true,
    async run(channel) {
      await declaredResultExchange.run(channel);
      await channel.bindQueue(queue, resultExchange, key);
    },
    async revert(channel) {
      await channel.unbindQueue(queue, resultExchange, key);
    },
  };
}

let looks = 0;

/**
 * A look at the first message of a queue, in the turn of the declarations, whose channel closes when the queue isn't
 * there. Each look is one of its own: what somebody else saw a moment ago may be old.
 */
export function peekAt(queue: string): { readonly declaration: Declaration; readonly found: () => Message | undefined } {
  let found: Message | undefined;
  looks += 1;
  return {
    found: () => found,
    declaration: {
      key: `look ${looks}`,
      what: `queue "${queue}"`,
      momentary: true,
      async run(channel) {
        const received = await channel.get(queue);
        if (received === false) return;
        // n.b. a get has no consumer tag; nothing of a message depends on it.
        found = messageOf({ ...received, fields: { ...received.fields, consumerTag: "" } }, queue);
        channel.nack(received, false, true);
      },
    },
  };
}
