import { createApp } from "ligature";
import type { Item, Worker, WorkerOptions } from "../side.ts";
import { onQueue } from "./on-queue.ts";

export async function openWorker({ url, queue, queueType, prefetch, onHandled }: WorkerOptions): Promise<Worker> {
  const app = createApp({ name: "bench-worker", broker: url });
  const handlers = {
    note: () => onHandled(),
    echo: (n: number) => (onHandled(), n),
    echoText: (text: string) => (onHandled(), text),
    echoItem: (item: Item) => (onHandled(), item),
    noteItem: () => onHandled(),
    record: () => onHandled(),
    recordItem: () => onHandled(),
  };
  await app.worker(onQueue(queue, queueType), handlers, { concurrency: prefetch }).start();
  return { close: () => app.close() };
}
