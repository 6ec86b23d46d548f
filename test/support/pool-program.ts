/** A program whose only work is a worker with a pool of processes: `pool-program <broker> <queue>`. */
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { onQueue } from "./lab.ts";

const [broker = "", queue = ""] = process.argv.slice(2);
const app = createApp({ name: "pool-program", broker, log: silentLogger });
const worker = app.worker(onQueue(lab, queue), new URL("../dist/support/lab-module.js", import.meta.url), {
  execution: "process",
  concurrency: 2,
});
await worker.run();
