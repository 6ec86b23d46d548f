import type { Spot } from "../findings/index.ts";
import type { ManifestTask } from "../manifest/index.ts";
import type { Changes } from "./changes.ts";

/** How a task is delivered and run: what those notice who know nothing of the change. */
export function compareDelivery(task: Spot, older: ManifestTask, newer: ManifestTask, changes: Changes): void {
  if (!older.ignoreResult && newer.ignoreResult) {
    changes.add("result-ignored", task, {
      why: "A call by the new version resolves at once and with nothing; a Python caller that waits for the result waits until its time is up.",
    });
  }
  if (older.ack !== newer.ack) {
    const now =
      newer.ack === "early"
        ? "A request whose worker crashes is lost now; it used to run again."
        : "A request whose worker crashes runs again now; it used to run once at most.";
    changes.add("ack-changed", task, { why: `${now} That goes for requests that wait already, too.` });
  }
  for (const limit of ["soft", "hard"] as const) {
    const [before, after] = [older.timeLimit?.[limit], newer.timeLimit?.[limit]];
    if (after === undefined || (before !== undefined && before <= after)) continue;
    changes.add("time-limit-shortened", task, {
      why: `The ${limit} limit was ${before === undefined ? "none" : seconds(before)}, and is ${seconds(after)}: requests that took longer and succeeded now fail.`,
    });
  }
  if (newer.expires !== undefined && (older.expires === undefined || older.expires > newer.expires)) {
    changes.add("expires-shortened", task, {
      why: `A request was given up ${older.expires === undefined ? "never" : `after ${seconds(older.expires)}`}, and is after ${seconds(newer.expires)}: callers that build with the new version get EXPIRED where they got a result.`,
    });
  }
  compareRetry(task, older, newer, changes);
}

function compareRetry(task: Spot, older: ManifestTask, newer: ManifestTask, changes: Changes): void {
  const before = older.retry;
  if (before === undefined || before.limit === 0) return;
  const after = newer.retry;
  const limit = after?.limit ?? 0;
  const given = before.on.filter((name) => !(after?.on ?? []).includes(name));
  if (limit < before.limit) {
    changes.add("retry-reduced", task, {
      why: `A failure was tried again ${times(before.limit)}, and is ${limit === 0 ? "not tried again" : times(limit)}: failures that nobody saw reach callers and error callbacks.`,
    });
  } else if (given.length > 0) {
    changes.add("retry-reduced", task, { why: `${given.join(", ")} isn't tried again any more: it reaches callers at once.` });
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
