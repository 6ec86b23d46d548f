/** `ligature gen --watch`: generates whenever a contract changes. */
export { watch, type WatchOptions, type WatchRound } from "./watch.ts";
