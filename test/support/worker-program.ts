/** A program whose only work is a worker: `worker-program <broker> [<queue>]`. Its handler fails. */
import { lab } from "@ligature/lab";
import { createApp } from "ligature";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";

const [broker = "", queue = "worker-program"] = process.argv.slice(2);
const app = createApp({ name: "program", broker });
const contract = onQueue(lab, queue);
const worker = app.worker(
  contract,
  labHandlers(new Journal(), () => app.remote(contract)),
);
const done = worker.run();
process.send?.("runs");
await done;
