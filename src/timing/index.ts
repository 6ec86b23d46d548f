/** Waiting: all timers, a deferred promise, an end to a wait by time or signal, many deadlines on one timer, spans of time in words; and whether the event loop was blocked. Depends on nothing. */
export { deferred, type Deferred } from "./deferred.ts";
export { Deadlines, type Expiring } from "./deadlines.ts";
export { inWords } from "./in-words.ts";
export { LoopWatch } from "./loop-watch.ts";
export { after, every, keepAlive, pause, type Timer } from "./timers.ts";
export { onAbort, unlessAborted } from "./on-abort.ts";
export { settlesWithin, within } from "./within.ts";
