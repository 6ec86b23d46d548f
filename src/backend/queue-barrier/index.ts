/** Joins chords with nothing but queues, for backends that keep no state of their own. */
export { QueueBarrier } from "./queue-barrier.ts";
export { chordQueue } from "./part-message.ts";
