/** What is measured: the same programs, written with Ligature as its users would. */
export { openClient } from "./client.ts";
export { openWorker } from "./worker.ts";
