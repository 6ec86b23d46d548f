import { LigatureError } from "../../errors/index.ts";
import type { TaskMessage } from "../../protocol/index.ts";
import { inWords } from "../../timing/index.ts";

/** Why a request must not start although nothing is wrong with it. */
export function refusalOf(
  { task, expires, deadline }: TaskMessage,
  { isRevoked, redelivered, now }: { readonly isRevoked: boolean; readonly redelivered: boolean; readonly now: number },
): LigatureError | undefined {
  if (isRevoked) return new LigatureError("REVOKED", `${task} was revoked before it started.`);
  // What was delivered before may have run, in a worker that was lost.
  const details = redelivered ? { details: { ran: "maybe" } } : {};
  if (expires !== undefined && expires.getTime() < now) {
    return new LigatureError("EXPIRED", `${task} expired at ${expires.toISOString()}, before a worker could start it.`, details);
  }
  if (deadline !== undefined && deadline < now) {
    return new LigatureError(
      "EXPIRED",
      `${task}: its caller's deadline passed ${inWords(now - deadline)} before a worker could start it.`,
      details,
    );
  }
  return undefined;
}
