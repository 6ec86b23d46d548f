import { basename } from "node:path";
import type { Failure } from "ligature";
import { failureReason } from "./failure-reason.ts";
import type { StoredFile } from "./files.ts";

/**
 * What a person should read about an import that failed: the name of the first file that did, and why.
 * @param files in the order of the chord's header
 */
export function importFailureReason(failure: Failure | undefined, files: readonly StoredFile[]): string {
  const member = failure?.error.member;
  // Without a member it isn't a file that failed, but what follows when all have succeeded.
  if (failure === undefined || member === undefined) return failureReason(failure);
  const file = member.index === undefined ? undefined : files[member.index];
  const reason = failureReason(member.error === undefined ? failure : { ...failure, error: member.error });
  return `${file === undefined ? "a file" : basename(file.path)}: ${reason}`;
}
