/** Consuming: consumers that are there again by themselves, deliveries and their settling, claims of whole queues. */
export { BroadcastSource } from "./broadcast-source.ts";
export { claimQueue } from "./claim.ts";
export { Consumption, type ConsumptionSource } from "./consumption.ts";
export { Deafness } from "./deafness.ts";
export { JournalSource } from "./journal-source.ts";
export { parkBy, type Park } from "./park.ts";
export { QueueSource } from "./queue-source.ts";
export { Settlements } from "./settlements.ts";
