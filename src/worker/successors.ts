import { randomUUID } from "node:crypto";
import {
  outgoingOf,
  type Packed,
  type Outgoing,
  type SuccessorContext,
  type TaskMessage,
  type Failure,
  type WireSignature,
} from "../protocol/index.ts";
import type { RequestEnvironment } from "./request.ts";

/** What a successor is given by the request that it follows. */
export interface SuccessorGiven {
  readonly result?: Packed;
  readonly failure?: Failure;
  readonly chain?: readonly WireSignature[] | undefined;
}

/** The context in which a request starts others. */
export function successorContext(parent: TaskMessage, env: RequestEnvironment): Omit<SuccessorContext, keyof SuccessorGiven> {
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
  }: { readonly parent: TaskMessage; readonly env: RequestEnvironment; readonly otherwise?: (error: unknown) => void },
): Outgoing {
  try {
    return outgoingOf(signature, { ...successorContext(parent, env), ...given });
  } catch (error) {
    env.log.error({ task: signature.task, parent: parent.id, error }, "a successor can't be sent");
    otherwise?.(error);
    return nothing;
  }
}

const nothing: Outgoing = { chords: [], messages: [] };
