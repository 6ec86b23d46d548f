/** The reference: what somebody writes who knows amqplib, and asks of the broker what Ligature asks. */
export { openClient } from "./client.ts";
export { openWorker } from "./worker.ts";
