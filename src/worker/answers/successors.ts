import { randomUUID } from "node:crypto";
import {
  startOf,
  type Packed,
  type Start,
  type SuccessorContext,
  type TaskMessage,
  type WireFailure,
  type WireSignature,
} from "../../protocol/index.ts";
import type { AnswersEnvironment } from "./outbox.ts";

/** What a successor is given by the request that it follows. */
export interface SuccessorGiven {
  readonly result?: Packed;
  readonly failure?: WireFailure;
  readonly chain?: readonly WireSignature[] | undefined;
}

/** The context in which a request starts others. */
export function successorContext(parent: TaskMessage, env: AnswersEnvironment): Omit<SuccessorContext, keyof SuccessorGiven> {
  return { now: Date.now(), newId: randomUUID, parent, defaultQueue: env.defaultQueue };
}

/**
 * What starting a successor takes. When it can't be started that is logged, and `otherwise` is called: requests with such
 * successors are refused before they run as far as that can be seen (checkSuccessors).
 */
export function successorStart(
  signature: WireSignature,
  given: SuccessorGiven,
  {
    parent,
    env,
    otherwise,
  }: { readonly parent: TaskMessage; readonly env: AnswersEnvironment; readonly otherwise?: (error: unknown) => void },
): Start {
  try {
    return startOf(signature, { ...successorContext(parent, env), ...given });
  } catch (error) {
    env.log.error({ task: signature.task, parent: parent.id, error }, "a successor can't be sent");
    otherwise?.(error);
    return nothing;
  }
}

const nothing: Start = { chords: [], messages: [] };
