/**
 * Delays without a plugin: a ladder of queues that nobody consumes, each of which holds every message for a fixed
 * time, a power of two, and dead-letters it down to the next. A message passes the rungs that its delay is the
 * sum of.
 *
 *   publish ─▶ ⟨ligature.delay.9⟩ ─1─▶ [ligature.delay.9] ─after 512 ms─▶ ⟨ligature.delay.8⟩ ─1─▶ [ligature.delay.8] …
 *                     └──────────────0──────────────────────────────────▶ ⟨ligature.delay.8⟩
 *   … ⟨ligature.delay.7⟩ ─▶ ⟨ligature.delay.deliver⟩ ─▶ the target queue
 *                                     └─ nothing bound ─▶ [ligature.delay.undeliverable]
 *
 * A routing key is the delay in binary, 27 words of one digit, then the target queue's name: a rung's topic
 * exchange looks at the word of its own. The last exchange finds the target by a pattern of exactly 27 wildcards
 * and the name, so queues whose names end alike don't get each other's messages (Celery's `#.<queue>` would).
 *
 * Rungs are quorum queues: dead-lettering from a classic queue is at most once, and a rung is crossed up to 27
 * times (rabbitmq.com/docs/quorum-queues, "At-least-once dead lettering"). With at-least-once a message without a
 * route stays in its rung and, 32 of them, blocks the rung for everybody; hence the last exchange's alternate.
 */
import type { Channel } from "amqplib";
import { LigatureError } from "../../../errors/index.ts";
import { taskExchange } from "../../broker.ts";
import { delayPrefix } from "../codec/index.ts";
import type { Declaration } from "./topology.ts";

/** The lowest rung holds 2^7 = 128 ms: the unit of all delays. */
const lowest = 7;
/** The highest holds 2^33 ms, 99 days; all together 198, which is more than a duration may have. */
const highest = 33;
const rungCount = highest - lowest + 1;
const unit = 2 ** lowest;

/** Where delayed messages leave the ladder. */
const deliverExchange = `${delayPrefix}deliver`;
const undeliverable = `${delayPrefix}undeliverable`;
const anyDelay = "*.".repeat(rungCount);

/** Where a message is written, which for a delayed one isn't where it is addressed. */
export interface WrittenRoute {
  readonly exchange: string;
  readonly routingKey: string;
  /** What must exist before. */
  readonly requires: readonly Declaration[];
}

/**
 * The route that takes a message to its queue after `delay` milliseconds, rounded up to 128: into the exchange of its
 * highest rung.
 * @throws LigatureError `INVALID_OPTION` over 198 days; `UNROUTABLE` when no queue can be told from the address.
 */
export function delayedRoute(delay: number, exchange: string, routingKey: string): WrittenRoute {
  const queue = targetQueue(exchange, routingKey);
  const units = Math.ceil(delay / unit);
  if (units >= 2 ** rungCount) {
    throw new LigatureError(
      "INVALID_OPTION",
      `A message can be delayed by 198 days at most, got ${Math.ceil(delay / 86_400_000)} days.`,
    );
  }
  const digits = units.toString(2);
  return {
    exchange: rungName(lowest + digits.length - 1),
    routingKey: `${digits.padStart(rungCount, "0").split("").join(".")}.${queue}`,
    requires: [end, ...rungs.slice(0, digits.length), wayTo(queue)],
  };
}

/** A delay ends at a queue, not at an exchange: the routing key is used up by the rungs. */
function targetQueue(exchange: string, routingKey: string): string {
  // Queues are bound to the task exchange by their own names; Celery names an exchange like its queue.
  const named = exchange === "" || exchange === taskExchange || exchange === routingKey;
  const plain = !routingKey.split(".").some((word) => word === "*" || word === "#");
  if (named && plain && routingKey !== "" && Buffer.byteLength(routingKey) + anyDelay.length <= 255) return routingKey;
  throw new LigatureError(
    "UNROUTABLE",
    `A delayed message needs a queue of up to ${255 - anyDelay.length} bytes for its target, addressed by its name through exchange "" or "${taskExchange}"; ` +
      `exchange "${exchange}" with routing key "${routingKey}" names none.`,
  );
}

function rungName(rung: number): string {
  return `${delayPrefix}${rung}`;
}

function below(rung: number): string {
  return rung === lowest ? deliverExchange : rungName(rung - 1);
}

/** Lowest first, so that a rung never leads into nothing. */
const rungs: readonly Declaration[] = Array.from({ length: rungCount }, (_, index) => declaredRung(lowest + index));

function declaredRung(rung: number): Declaration {
  const name = rungName(rung);
  // The words in front of the one that this rung looks at.
  const higher = "*.".repeat(highest - rung);
  return {
    key: `delay ${rung}`,
    what: `queue "${name}" for delayed messages`,
    async run(channel) {
      await channel.assertExchange(name, "topic");
      await channel.assertQueue(name, {
        arguments: {
          "x-queue-type": "quorum",
          "x-message-ttl": 2 ** rung,
          "x-dead-letter-exchange": below(rung),
          "x-dead-letter-strategy": "at-least-once",
          "x-overflow": "reject-publish",
        },
      });
      await channel.bindQueue(name, name, `${higher}1.#`);
      await channel.bindExchange(below(rung), name, `${higher}0.#`);
    },
  };
}

const end: Declaration = {
  key: "delay end",
  what: `exchange "${deliverExchange}" for delayed messages`,
  async run(channel) {
    await channel.assertExchange(undeliverable, "fanout");
    await channel.assertQueue(undeliverable, { arguments: { "x-queue-type": "quorum" } });
    await channel.bindQueue(undeliverable, undeliverable, "");
    await declareDeliverExchange(channel);
  },
};

/** Fails when there is no such queue, which is the moment to tell the publisher. */
export function wayTo(queue: string): Declaration {
  return {
    key: `delay to ${queue}`,
    what: `queue "${queue}" for a delayed message`,
    async run(channel) {
      await declareDeliverExchange(channel);
      await channel.bindQueue(queue, deliverExchange, anyDelay + queue);
    },
  };
}

async function declareDeliverExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(deliverExchange, "topic", { alternateExchange: undeliverable });
}
