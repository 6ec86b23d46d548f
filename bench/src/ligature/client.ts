import { createApp } from "ligature";
import type { Client, ClientOptions, Done, Item, Sent } from "../side.ts";
import { onQueue } from "./on-queue.ts";

export async function openClient({ url, queue, queueType, callbackQueue }: ClientOptions): Promise<Client> {
  const app = createApp({ name: "bench-client", broker: url, rpcTimeout: "10m" });
  const remote = app.remote(onQueue(queue, queueType));
  const callbacks = onQueue(callbackQueue, queueType);
  const unexpected = (): never => {
    throw new Error("Only callbacks come here.");
  };
  return {
    post(n: number, done: Done): void {
      remote.note.delay(n).then(() => done(), done);
    },
    async send(n: number): Promise<Sent> {
      const result = await remote.echo.delay(n);
      return { answer: result.get() };
    },
    call: (n: number) => remote.echo(n),
    callText: (text: string) => remote.echoText(text),
    callItem: (item: Item) => remote.echoItem(item),
    postItem(item: Item, done: Done): void {
      remote.noteItem.delay(item).then(() => done(), done);
    },
    async listen(onRecord: (key: number) => void): Promise<void> {
      const record = (_result: number, key: number): void => onRecord(key);
      const handlers = {
        note: unexpected,
        echo: unexpected,
        echoText: unexpected,
        echoItem: unexpected,
        noteItem: unexpected,
        record,
        recordItem: (_result: Item, key: number): void => onRecord(key),
      };
      await app.worker(callbacks, handlers, { concurrency: 500 }).start();
    },
    async sendLinked(key: number): Promise<void> {
      await remote.echo.applyAsync([key], { link: callbacks.record.s(key), ignoreResult: true });
    },
    async sendLinkedItem(key: number, item: Item): Promise<void> {
      await remote.echoItem.applyAsync([item], { link: callbacks.recordItem.s(key), ignoreResult: true });
    },
    close: () => app.close(),
  };
}
