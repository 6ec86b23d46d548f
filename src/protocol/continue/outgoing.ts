import type { WireSignature } from "../task/index.ts";
import type { Successor } from "./successor-message.ts";
import { chainSignature } from "./wire-canvas.ts";

/** What starting a signature takes. */
export interface Start {
  /** To be opened before any of the messages is sent. */
  readonly chords: readonly ChordStart[];
  readonly messages: readonly Successor[];
}

export interface ChordStart {
  readonly groupId: string;
  /** How many members its header has; at least one. */
  readonly size: number;
}

/**
 * The body as its header's members carry it: with the number of them, so that whoever joins knows when all have come.
 * Celery 4 had the same key at the same place; Celery 5 ignores it, except that it takes a chord's unknown keys for options
 * and hands them on to its publisher. So a body that is a chord is made a chain of that.
 */
export function withSize(body: WireSignature, size: number): WireSignature {
  return { ...(body.subtask_type === "chord" ? chainSignature([body]) : body), chord_size: size };
}
