export { Blindness } from "./blindness.ts";
export { Ingest, type IngestOptions, type IngestStatus } from "./ingest.ts";
export { dropOldDetails } from "./retention.ts";
export { buckets, finalRank, stateChanges, type TaskState } from "./states.ts";
