/** Waiting: a deferred promise, an end to a wait, by time or signal, and many deadlines on one timer. Depends on nothing. */
export { deferred, type Deferred } from "./deferred.ts";
export { Deadlines, type Expiring } from "./deadlines.ts";
export { onAbort, unlessAborted } from "./on-abort.ts";
export { settlesWithin, within } from "./within.ts";
