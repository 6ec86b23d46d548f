import { newTaskMessage, type TaskMessage, type WireSignature } from "../task/index.ts";
import { chordPartsOfChain, type ChordPart } from "./chord-part.ts";
import { bodyOf, membersOf, membersOfChord } from "./wire-canvas.ts";
import { stepsOf } from "./wire-chain.ts";

/** A signature that will never run, because something before it has failed, and everyone who must learn of that. */
export interface NeverRun {
  /** Stands for it: its first task, for `ctx.failure` and as the parent of what is sent. */
  readonly request: TaskMessage;
  /** Everyone's result that somebody may wait for. */
  readonly results: readonly { readonly id: string; readonly replyTo: string | undefined }[];
  /** To be sent once, where the failure is this signature's own and no earlier step's. */
  readonly errbacks: readonly WireSignature[];
  /** Headers that it was to be a part of. */
  readonly parts: readonly ChordPart[];
}

/** @param before the request that has failed */
export function neverRun(signature: WireSignature, before: TaskMessage): NeverRun {
  const [first] = stepsOf(signature);
  const results = resultsOf(signature);
  return {
    request: newTaskMessage({
      id: first?.options.task_id ?? results.at(-1)?.id ?? before.id,
      task: first?.task ?? signature.task,
      args: first?.subtask_type === null ? first.args : [],
      rootId: before.rootId,
      parentId: before.id,
      generation: before.generation,
    }),
    results,
    errbacks: first === undefined ? [] : errbacksOf(first),
    parts: chordPartsOfChain([signature]),
  };
}

function resultsOf(signature: WireSignature): NeverRun["results"] {
  switch (signature.subtask_type) {
    case "chain":
      return stepsOf(signature).flatMap(resultsOf);
    case "group":
      return membersOf(signature).flatMap(resultsOf);
    case "chord":
      return [...membersOfChord(signature).flatMap(resultsOf), ...resultsOf(bodyOf(signature))];
    default: {
      const { task_id: id, reply_to: replyTo } = signature.options;
      return id === undefined ? [] : [{ id, replyTo: replyTo === "" ? undefined : replyTo }];
    }
  }
}

/** A chain's sit on every step, a chord's on its body, a group's on its members. */
function errbacksOf(signature: WireSignature): readonly WireSignature[] {
  switch (signature.subtask_type) {
    case "chain": {
      const [first] = stepsOf(signature);
      return first === undefined ? [] : errbacksOf(first);
    }
    case "group":
      return membersOf(signature).flatMap(errbacksOf);
    case "chord":
      return errbacksOf(bodyOf(signature));
    default:
      return signature.options.link_error ?? [];
  }
}
