/** Waiting: a deferred promise, and many deadlines on one timer. Depends on nothing. */
export { deferred, type Deferred } from "./deferred.ts";
export { Deadlines, type Expiring } from "./deadlines.ts";
