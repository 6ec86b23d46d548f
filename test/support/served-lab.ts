/** A module for `ligature worker`: serves the lab's contract on the queue LAB_QUEUE of the broker AMQP_URL. */
import { lab, type Lab } from "@ligature/lab";
import { createApp, type App, type Worker } from "ligature";
import { Journal } from "./journal.ts";
import { labHandlers, onQueue } from "./lab.ts";

const { AMQP_URL: broker = "memory://", LAB_QUEUE: queue = "served-lab" } = process.env;

export const app: App = createApp({ name: "served", broker });

const contract = onQueue<Lab>(lab, queue);
const handlers = labHandlers(new Journal(), () => app.remote(contract));

export const worker: Worker = app.worker(contract, {
  ...handlers,
  // Says which process answers.
  greet: (name, options, times) =>
    name === "pid" ? String(process.pid) : `hello ${name} ${String(options?.loud)} ${times ?? 1}`,
});
