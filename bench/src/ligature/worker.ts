import { createApp } from "ligature";
import type { Worker, WorkerOptions } from "../side.ts";
import { onQueue } from "./on-queue.ts";

export async function openWorker({ url, queue, prefetch, onHandled }: WorkerOptions): Promise<Worker> {
  const app = createApp({ name: "bench-worker", broker: url });
  const handlers = {
    note: () => onHandled(),
    echo: (n: number) => (onHandled(), n),
    echoText: (text: string) => (onHandled(), text),
    record: () => onHandled(),
  };
  await app.worker(onQueue(queue), handlers, { concurrency: prefetch }).start();
  return { close: () => app.close() };
}
