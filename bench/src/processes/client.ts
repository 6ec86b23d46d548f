/** A client process. Arguments: the side. */
import { quantile } from "../statistics.ts";
import { loadSide } from "../load-side.ts";
import type { Client, ClientOptions, Item } from "../side.ts";
import { inWindow, measure, startMeasuring, type Latencies, type Measurement } from "./measure.ts";
import { serve } from "./serve.ts";

const side = await loadSide(process.argv[2]);
let client: Client;
let answers: Promise<number>[] = [];
let stop: ReturnType<typeof startMeasuring> | undefined;
const callbacks = new Map<number, () => void>();

const commands = {
  async open(options: ClientOptions): Promise<void> {
    client = await side.openClient(options);
  },
  /** Tasks without result, at most `window` of them unconfirmed. */
  post: ({ count, window }: { count: number; window: number }): Promise<Measurement> =>
    measure(count, () => inWindow(count, window, (n, done) => client.post(n, done))),
  /** Tasks with results that `answers` waits for. */
  async send({ count, window }: { count: number; window: number }): Promise<void> {
    answers = [];
    await inWindow(count, window, (n, done) => {
      client.send(n).then(({ answer }) => {
        answers.push(answer);
        done();
      }, done);
    });
    stop = startMeasuring();
  },
  async answers(): Promise<Measurement> {
    await Promise.all(answers);
    if (stop === undefined) throw new Error("Nothing was sent.");
    return stop(answers.length);
  },
  /** One call after the other. */
  calls: ({ count }: { count: number }): Promise<Latencies> => latencies(count, (n) => client.call(n)),
  callsWithItem: ({ count }: { count: number }): Promise<Latencies> => latencies(count, (n) => client.callItem(itemOf(n))),
  itemsAtOnce: ({ count, inFlight }: { count: number; inFlight: number }): Promise<Measurement> =>
    measure(count, () =>
      inWindow(count, inFlight, (n, done) => {
        client.callItem(itemOf(n)).then(() => done(), done);
      }),
    ),
  postItems: ({ count, window }: { count: number; window: number }): Promise<Measurement> =>
    measure(count, () => inWindow(count, window, (n, done) => client.postItem(itemOf(n), done))),
  callsWithText({ count, length }: { count: number; length: number }): Promise<Latencies> {
    const text = "x".repeat(length);
    return latencies(count, () => client.callText(text));
  },
  /** Calls, `inFlight` of them at a time. */
  callsAtOnce: ({ count, inFlight }: { count: number; inFlight: number }): Promise<Measurement> =>
    measure(count, () =>
      inWindow(count, inFlight, (n, done) => {
        client.call(n).then(() => done(), done);
      }),
    ),
  async listen(): Promise<void> {
    await client.listen((key) => callbacks.get(key)?.());
  },
  /** Sends a task with a success callback and waits for that, one after the other. */
  linked: ({ count }: { count: number }): Promise<Latencies> =>
    latencies(count, async (key) => {
      const called = new Promise<void>((resolve) => callbacks.set(key, resolve));
      await Promise.all([client.sendLinked(key), called]);
      callbacks.delete(key);
    }),
  linkedItems: ({ count }: { count: number }): Promise<Latencies> =>
    latencies(count, async (key) => {
      const called = new Promise<void>((resolve) => callbacks.set(key, resolve));
      await Promise.all([client.sendLinkedItem(key, itemOf(key)), called]);
      callbacks.delete(key);
    }),
  /** Bytes of heap per call that waits for its answer. Needs --expose-gc. */
  async pending({ count }: { count: number }): Promise<number> {
    const calls: Promise<number>[] = [];
    const before = heap();
    for (let n = 0; n < count; n++) {
      const call = client.call(n);
      // They end with the process, unanswered.
      call.catch(() => {});
      calls.push(call);
      if (n % 1000 === 999) await client.send(n);
    }
    return (heap() - before) / calls.length;
  },
  async close(): Promise<void> {
    await client.close();
  },
};
export type ClientCommands = typeof commands;

serve(commands);

function itemOf(n: number): Item {
  return { id: n, name: `Item number ${n}`, at: new Date().toISOString() };
}

async function latencies(count: number, job: (n: number) => Promise<unknown>): Promise<Latencies> {
  const times: number[] = [];
  const measurement = await measure(count, async () => {
    for (let n = 0; n < count; n++) {
      const started = performance.now();
      await job(n);
      times.push(performance.now() - started);
    }
  });
  return { ...measurement, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

function heap(): number {
  if (globalThis.gc === undefined) throw new Error("This needs node --expose-gc.");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
