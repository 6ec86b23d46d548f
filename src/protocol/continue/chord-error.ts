import { ChordError } from "../../errors/index.ts";
import { bounded } from "../envelope/index.ts";
import { describeThrown, longestMessage } from "../result/index.ts";
import type { ChordPart } from "./chord-part.ts";

/** What a header's failed member is to the chord's body; its message is Celery's (celery.backends.redis). */
export function chordError(
  part: Pick<ChordPart, "index" | "taskId">,
  memberTask: string | undefined,
  error: unknown,
): ChordError {
  const { name, message } = describeThrown(error);
  const raised = bounded(message === "" ? name : message.startsWith(name) ? message : `${name}: ${message}`, longestMessage);
  return new ChordError({
    message: `Dependency ${part.taskId} raised ${raised}`,
    member: { index: Number.isFinite(part.index) ? part.index : undefined, id: part.taskId, task: memberTask },
    cause: error,
  });
}
