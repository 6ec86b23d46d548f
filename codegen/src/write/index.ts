/** Files that we write: their header, what of them is stale, and writing only what differs. Knows nothing of contracts. */
export {
  changedFiles,
  deleteFiles,
  deleteStale,
  isOursOrMissing,
  staleFiles,
  writeChanged,
  WriteProblem,
  type GeneratedFile,
} from "./disk.ts";
export { differences } from "./diff.ts";
export { header, isMadeFrom, marker, sealed } from "./header.ts";
