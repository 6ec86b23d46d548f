import { LigatureError } from "../errors/index.ts";
import type { Embed, WireSignature } from "../protocol/index.ts";

/**
 * Refuses, before the handler runs, what couldn't be sent after it: too many callbacks, or kinds of
 * signature that this version doesn't send. Afterwards it would be too late to tell anybody.
 * @throws LigatureError `UNREADABLE`
 */
export function checkSuccessors(embed: Embed, maxCallbacks: number): void {
  const successors = [...(embed.callbacks ?? []), ...(embed.errbacks ?? []), ...(embed.chain ?? [])];
  if (successors.length > maxCallbacks) {
    throw new LigatureError(
      "UNREADABLE",
      `The message carries ${successors.length} callbacks; this worker takes ${maxCallbacks} at most (option maxCallbacks).`,
    );
  }
  for (const signature of successors) checkKind(signature);
  if (embed.chord !== null) throw unsupported("chord");
}

function checkKind(signature: WireSignature): void {
  const kind = signature.subtask_type;
  if (kind !== null && kind !== "chain") throw unsupported(kind);
}

function unsupported(kind: string): LigatureError {
  return new LigatureError(
    "UNREADABLE",
    `The message has a ${kind} among its callbacks; this version of Ligature sends tasks and chains only.`,
  );
}
