/** What follows a request: the messages that a finished one starts, and what becomes of what never runs. */
export { chordError } from "./chord-error.ts";
export { chordPartOf, chordPartsOfChain, type ChordPart } from "./chord-part.ts";
export { bodyStart, joinResults } from "./join-results.ts";
export { neverRun, type NeverRun } from "./never-run.ts";
export { withSize, type ChordStart, type Start } from "./outgoing.ts";
export { startOf } from "./outgoing-of.ts";
export type { Successor, SuccessorContext } from "./successor-message.ts";
