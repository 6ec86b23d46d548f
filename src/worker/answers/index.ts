/** What others learn of a request: its result, its successors, its part in a chord; and what leaves the worker for that. */
export { Answers } from "./answers.ts";
export { Outbox, type AnswersEnvironment } from "./outbox.ts";
export { checkSuccessors } from "./successor-check.ts";
