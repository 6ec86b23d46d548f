/** Files that we write: their header, what of them is stale, and writing only what differs. Knows nothing of contracts. */
export { changedFiles, deleteStale, isOursOrMissing, staleFiles, writeChanged, type GeneratedFile } from "./disk.ts";
export { differences } from "./diff.ts";
export { header, isMadeFrom, marker, sealed } from "./header.ts";
