import { UsageError } from "ligature/cli";
import { gen, type GenResult } from "../gen/index.ts";
import type { Answer, Job } from "./job.ts";

/** The process of one round: takes a job, answers, ends. */
process.once("message", (job) => {
  void gen(job as Job)
    .then((results): Answer => ({ results: results.map(sendable) }))
    .catch((error: unknown): Answer => ({ problem: messageOf(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()));
});

/** What a contract throws may hold anything; its message and stack are what is shown. */
function sendable({ cause, ...result }: GenResult): GenResult {
  if (!(cause instanceof Error)) return result;
  return { ...result, cause: Object.assign(new Error(cause.message), { stack: cause.stack }) };
}

function messageOf(error: unknown): string {
  if (UsageError.is(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
