import { randomUUID } from "node:crypto";
import { silentLogger } from "ligature";
import { afterAll, afterEach, expect } from "vitest";
import type { QueueSpec } from "../../src/dist/contract/index.js";
import {
  deadLetterQueue,
  type Broker,
  type BrokerOptions,
  type Consumer,
  type Delivery,
  type Patience,
} from "../../src/dist/broker/index.js";
import type { ErrorCode } from "../../src/dist/errors/index.js";
import type { Message } from "../../src/dist/protocol/index.js";
import { Inbox } from "./inbox.ts";
import { deleteQueues } from "./raw-amqp.ts";
import { openBroker } from "./open.ts";

/** Everything that a test of brokers makes; closed after the test, and deleted after its file. */
export interface BrokerBench {
  open(options?: Partial<BrokerOptions>): Broker;
  /** A name that no other test uses; deleted afterwards if it is a queue's. */
  name(prefix?: string): string;
  /** A quorum queue of Ligature's, with a new name unless one is given; not declared. */
  spec(given?: Partial<QueueSpec>): QueueSpec;
  /** The same, declared. */
  queue(broker: Broker, given?: Partial<QueueSpec>): Promise<QueueSpec>;
}

/** To be called in a `describe`. @param url of the broker under test */
export function brokerBench(url: () => string): BrokerBench {
  const opened: Broker[] = [];
  const names = new Set<string>();

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broker) => broker.close()));
  });
  afterAll(async () => {
    if (!url().startsWith("memory:"))
      await deleteQueues(
        url(),
        [...names].flatMap((name) => [name, deadLetterQueue(name)]),
      );
  });

  const bench: BrokerBench = {
    open(options = {}) {
      const broker = openBroker(url(), {
        name: "conformance",
        log: silentLogger,
        publishTimeout: 30_000,
        maxPayload: 2 * 1024 * 1024,
        maxUnconfirmed: 10_000,
        ...options,
      });
      opened.push(broker);
      return broker;
    },
    name(prefix = "test") {
      const name = `${prefix}.${randomUUID()}`;
      names.add(name);
      return name;
    },
    spec: (given = {}) => {
      const spec: QueueSpec = {
        name: given.name ?? bench.name(),
        type: "quorum",
        deliveryLimit: 10,
        maxPriority: undefined,
        owner: "ligature",
        ...given,
      };
      names.add(spec.name);
      return spec;
    },
    async queue(broker, given) {
      const spec = bench.spec(given);
      await broker.declare({ kind: "task", spec });
      return spec;
    },
  };
  return bench;
}

/** A message for a queue by its name. */
export function messageTo(queue: string, body: string | Uint8Array, more: Partial<Message> = {}): Message {
  return {
    exchange: "",
    routingKey: queue,
    headers: {},
    properties: {},
    body: typeof body === "string" ? Buffer.from(body) : body,
    ...more,
  };
}

export function textOf({ message }: Pick<Delivery, "message">): string {
  return Buffer.from(message.body).toString();
}

/** Consumes into an inbox. */
export async function consumeFrom(
  broker: Broker,
  queue: string,
  prefetch = 100,
): Promise<{ readonly consumer: Consumer; readonly inbox: Inbox<Delivery> }> {
  const inbox = new Inbox<Delivery>();
  const consumer = await broker.consume(queue, { prefetch }, inbox.put);
  return { consumer, inbox };
}

/**
 * Proves that a queue is empty: a message that is sent now is the next one to come. Nobody else may consume from
 * the queue, or hold a message of it.
 */
export async function expectEmpty(broker: Broker, queue: string): Promise<void> {
  const marker = `marker ${randomUUID()}`;
  await broker.publish(messageTo(queue, marker));
  const { consumer, inbox } = await consumeFrom(broker, queue);
  const delivery = await inbox.next();
  expect(textOf(delivery)).toBe(marker);
  delivery.ack();
  await consumer.close();
}

/** How many messages of a queue are neither delivered nor claimed; undefined when there is no such queue. */
export async function countReady(broker: Broker, queue: string, patience?: Patience): Promise<number | undefined> {
  return (await broker.inspect(queue, patience))?.ready;
}

/** Rejected by a LigatureError with that code and a message fit to be read. */
export async function expectCode(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: "LigatureError", code, message: expect.stringContaining(`[${code}] `) });
}
