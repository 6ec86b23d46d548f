/** The program and the module with its handlers, in one file. */
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";

const app = createApp({ name: "starts-worker", broker: "memory://", log: silentLogger });
await app.worker(lab, new URL(import.meta.url), { execution: "process", concurrency: 1 }).start();

export default {};
