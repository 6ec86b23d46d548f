import { parseArguments } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import { unpackArgs, type TaskMessage } from "../../protocol/index.ts";
import type { TaskRef } from "../../signature/index.ts";

/**
 * A request's arguments, as its task's schemas make them.
 * @throws LigatureError `INVALID_ARGUMENTS`, or `CONTRACT_MISMATCH` where the caller holds another version of the contract
 */
export async function argumentsOf(task: TaskRef, message: TaskMessage): Promise<readonly unknown[]> {
  const { fingerprint } = message;
  try {
    // Another version may mean something else by the same JSON: a number where this one has a bigint.
    const exact = message.exact && fingerprint === task.fingerprint;
    return await parseArguments(task.spec, unpackArgs(task, { ...message, exact }));
  } catch (error) {
    if (fingerprint === undefined || fingerprint === task.fingerprint || !(error instanceof LigatureError)) throw error;
    throw new LigatureError(
      "CONTRACT_MISMATCH",
      `${task.spec.name}: the caller's contract (${fingerprint}) is not this worker's (${task.fingerprint}), and its arguments don't fit: ${error.rawMessage}`,
      { cause: error, details: { caller: fingerprint, worker: task.fingerprint, ...error.details } },
    );
  }
}
