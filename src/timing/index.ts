/** Waiting: a deferred promise, an end to a wait, many deadlines on one timer, and spans of time in words. Depends on nothing. */
export { deferred, type Deferred } from "./deferred.ts";
export { Deadlines, type Expiring } from "./deadlines.ts";
export { inWords } from "./in-words.ts";
export { settlesWithin, within } from "./within.ts";
