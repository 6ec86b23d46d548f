import { setTimeout as pause } from "node:timers/promises";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";

/**
 * A worker in a process of its own, to be killed: `chord-worker.ts <queue> <broker>`. It tells over its channel that it is ready,
 * which additions it has begun, and which it has been asked for as the body of a chord.
 */
const [queue = "", broker = ""] = process.argv.slice(2);
const app = createApp({ name: "chord-worker", broker, log: silentLogger });
const contract = onQueue(lab, queue);
const handlers = {
  ...labHandlers(new Journal(), () => app.remote(contract)),
  async add(a: number, b: number) {
    process.send?.({ added: a });
    // Long enough that there is always something on its way when the process is killed, and that it isn't the last.
    await pause(20 + (a % 20));
    return a + b;
  },
  gather(values: unknown[], key: string) {
    process.send?.({ gathered: key });
    return values;
  },
};
const worker = app.worker(contract, handlers, { concurrency: 4 });

// Without whoever started it there is nothing to do.
process.on("disconnect", () => void app.close().then(() => process.exit()));

await worker.start();
process.send?.({ ready: true });
