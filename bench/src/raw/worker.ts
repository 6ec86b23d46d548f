import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { ConfirmChannel, ConsumeMessage, Options } from "amqplib";
import type { Worker, WorkerOptions } from "../side.ts";
import { declareTaskQueue, openConnection } from "./connection.ts";
import { celeryOptions, readBody, requestBody, requestOptions, resultBody, resultOptions } from "./message.ts";

/** Runs tasks; acknowledges each after what it owes has been confirmed. */
export async function openWorker({ url, queue, queueType, prefetch, onHandled }: WorkerOptions): Promise<Worker> {
  const connection = await openConnection(url);
  const { publisher, consumer } = connection;
  const handlers = new Map<unknown, (argument: unknown) => unknown>(
    Object.entries({
      "bench.note": () => onHandled(),
      "bench.echo": (argument: unknown) => (onHandled(), argument),
      "bench.echoItem": (argument: unknown) => (onHandled(), argument),
      "bench.noteItem": () => onHandled(),
      "bench.echoText": (argument: unknown) => (onHandled(), argument),
    }),
  );
  let running = 0;
  let onIdle: (() => void) | undefined;
  const onMessage = async (message: ConsumeMessage): Promise<void> => {
    const { headers, correlationId, replyTo } = message.properties;
    const [[argument], , { callbacks }] = readBody(message);
    const result = await handlers.get(headers?.["task"])?.(argument);
    const owed: Promise<void>[] = [];
    if (typeof replyTo === "string") {
      owed.push(publish(publisher, "", replyTo, resultBody(correlationId, result), resultOptions(correlationId)));
    }
    for (const { task, args, options } of callbacks ?? []) {
      const body = requestBody([result, ...args]);
      const id = randomUUID();
      // As it was asked: with all of Celery's headers, or the few that a worker needs.
      const sent = headers?.["origin"] === undefined ? requestOptions(task, id) : celeryOptions(task, id, [result, ...args]);
      owed.push(publish(publisher, options.exchange, options.routing_key, body, sent));
    }
    if (owed.length > 0) await Promise.all(owed);
    consumer.ack(message);
    running -= 1;
    if (running === 0) onIdle?.();
  };
  await declareTaskQueue(consumer, queue, queueType);
  await consumer.prefetch(prefetch);
  const { consumerTag } = await consumer.consume(queue, (message) => {
    if (message === null) throw new Error("The queue is gone.");
    running += 1;
    void onMessage(message);
  });
  return {
    async close() {
      await consumer.cancel(consumerTag);
      await new Promise<void>((resolve) => {
        if (running === 0) resolve();
        else onIdle = resolve;
      });
      // RabbitMQ forgets acknowledgements that it hasn't processed when a channel closes whose consumer was cancelled.
      await pause(200);
      await connection.close();
    },
  };
}

function publish(channel: ConfirmChannel, exchange: string, key: string, body: Buffer, options: Options.Publish): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.publish(exchange, key, body, options, (error?: Error | null) => (error ? reject(error) : resolve()));
  });
}
