/** Celery's states. `PENDING` means nothing is known yet; `PROGRESS` is the custom state by convention. */
export type TaskState = "PENDING" | "RECEIVED" | "STARTED" | "PROGRESS" | "RETRY" | "SUCCESS" | "FAILURE" | "REVOKED";

const finalStates: ReadonlySet<string> = new Set(["SUCCESS", "FAILURE", "REVOKED"]);

export function isFinal(state: string): boolean {
  return finalStates.has(state);
}
