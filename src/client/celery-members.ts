import { LigatureError } from "../errors/index.ts";
import { contractOf, joined, tasksIn, type MemberData, type SignatureData, type TaskSignatureData } from "../signature/index.ts";

/**
 * A Python worker can't bring its part to a join that is made of queues.
 * @throws LigatureError `INVALID_ARGUMENTS` naming the member of a header that one would run, of any chord inside.
 */
export function refuseCeleryMembers(data: SignatureData): void {
  visit(data.kind === "group" ? data : joined(data));
}

function visit(data: SignatureData): void {
  switch (data.kind) {
    case "task":
      for (const callback of [...data.link, ...data.linkError]) visit(callback);
      return;
    case "chain":
      for (const step of data.steps) visit(step);
      if (data.end !== undefined) visit(data.end);
      return;
    case "group":
      for (const member of data.members) visit(member);
      return;
    case "chord":
      for (const [index, member] of data.header.entries()) {
        checkMember(member, index, data.header.length);
        visit(member);
      }
      visit(data.body);
  }
}

function checkMember(member: MemberData, index: number, count: number): void {
  for (const { task } of partsOf(member)) {
    if (contractOf(task)?.spec.runtime !== "celery") continue;
    throw new LigatureError(
      "INVALID_ARGUMENTS",
      `Member ${index + 1} of ${count} of a group that something follows (a chord) would run ${task.spec.name} in a Python worker. ` +
        'Celery can join results on Redis only: create the app with backend: "redis://…", or keep to tasks of Ligature workers there. Nothing was sent.',
      { details: { index, task: task.spec.name } },
    );
  }
}

/** What runs before the member's result is there; callbacks come after it. */
function* partsOf(member: MemberData): Generator<TaskSignatureData> {
  if (member.kind === "task") yield member;
  else if (member.kind === "chain") {
    yield* member.steps;
    if (member.end !== undefined) yield* tasksIn(member.end);
  } else yield* tasksIn(member);
}
