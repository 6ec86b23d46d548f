/** Writing: compares with what is on disk, and changes only what differs. Knows nothing of contracts. */
export { changedFiles, deleteStale, isOursOrMissing, staleFiles, writeChanged } from "./disk.ts";
export { differences } from "./diff.ts";
