/** The successors of a request: their messages when it has finished, and who learns of it when they never run. */
export { chordError, chordPartOf, chordPartsOfChain, type ChordMember, type ChordPart } from "./chord-part.ts";
export { neverRun, type NeverRun } from "./never-run.ts";
export type { Outgoing, OutgoingChord, OutgoingMessage } from "./outgoing.ts";
export { joinResults, outgoingBody, outgoingOf } from "./outgoing-of.ts";
export type { SuccessorContext } from "./successor-message.ts";
export { withSize } from "./wire-canvas.ts";
export { owedIds } from "./owed-ids.ts";
